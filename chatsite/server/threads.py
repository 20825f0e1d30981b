"""The threads of a worker process, in kinds that never wait for each other."""

from concurrent.futures import ThreadPoolExecutor
from typing import IO, Any

from chatsite.server.bodies import has_files

PAGE_THREADS = 4  # more would help only while they wait for the database: they share one interpreter lock
UPLOAD_THREADS = 2  # separate, so that no page waits while pictures are decoded
FILE_THREADS = 4  # separate, so that no page waits for a file server
FILES = "/files/"
READY = "/readyz"


class Threads:
    """Pools of threads by what they wait for."""

    def __init__(self) -> None:
        self.pages = ThreadPoolExecutor(PAGE_THREADS, thread_name_prefix="page")
        self.uploads = ThreadPoolExecutor(UPLOAD_THREADS, thread_name_prefix="upload")
        self.files = ThreadPoolExecutor(FILE_THREADS, thread_name_prefix="file")
        self.health = ThreadPoolExecutor(1, thread_name_prefix="health")

    def for_request(self, scope: Any, body: IO[bytes]) -> ThreadPoolExecutor:
        """Choose the threads that may answer a request."""
        if scope.path.startswith(FILES):
            return self.files
        if scope.path == READY:
            return self.health
        return self.uploads if has_files(scope, body) else self.pages
