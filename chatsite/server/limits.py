"""How many connections a process may have at once."""

import resource

ENOUGH = 65_536


def allow_many_connections() -> None:
    """Raise the limit of open files as far as this machine allows us: each stream is one."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = ENOUGH if most == resource.RLIM_INFINITY else min(ENOUGH, most)
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))
