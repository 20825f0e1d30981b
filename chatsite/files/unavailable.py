"""The errors of a file server, in a module apart from its client, which is slow to load."""


class FilesUnavailable(OSError):
    """The file server does not answer: requests for files fail, everything else works."""


class FilesRefused(FilesUnavailable):
    """The file server has no such bucket, or refuses our key: FILES_URL is wrong."""
