"""The number of connections that a process may have open at once."""

import resource

WANTED_OPEN_FILES = 65_536


def allow_many_connections() -> None:
    """Raise the limit of open files as far as this machine allows, as each connection is an open file."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = WANTED_OPEN_FILES if most == resource.RLIM_INFINITY else min(WANTED_OPEN_FILES, most)
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))
