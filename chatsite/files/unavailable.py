"""The error of a file server that does not answer; apart from its client, which is slow to load."""


class FilesUnavailable(OSError):
    """The file server does not answer, or refuses us: requests for files fail, everything else goes on."""
