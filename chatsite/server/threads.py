"""The threads of a worker process, in pools that never wait for each other."""

from collections.abc import Hashable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, nullcontext
from typing import IO, Any

from chatsite.server.bodies import has_files
from chatsite.server.sharing import Shares

PAGE_THREADS = 4  # more would help only while they wait for the database: they share one interpreter lock
UPLOAD_THREADS = 2  # separate, so that no page waits while pictures are decoded
FILE_THREADS = 4  # separate, so that no page waits for a file server
FILES, STATIC = "/files/", "/static/"
READY = "/readyz"


class Pool(ThreadPoolExecutor):
    """Threads, of which no sender may use more than half at once."""

    def __init__(self, size: int, kind: str, *, is_unlimited: bool = False) -> None:
        """Create a pool; in one that `is_unlimited`, senders have no shares."""
        super().__init__(size, thread_name_prefix=kind)
        self.shares = None if is_unlimited else Shares(max(1, size // 2))

    def turn(self, sender: Hashable) -> AbstractAsyncContextManager[None]:
        """Wait until the sender of a request may use a thread; raise TooManyWaiting."""
        return self.shares.turn(sender) if self.shares else nullcontext()


class Threads:
    """Pools of threads by what they wait for."""

    def __init__(self) -> None:
        self.pages = Pool(PAGE_THREADS, "page")
        self.uploads = Pool(UPLOAD_THREADS, "upload")
        self.files = Pool(FILE_THREADS, "file")
        self.static = Pool(FILE_THREADS, "static", is_unlimited=True)
        self.health = Pool(1, "health", is_unlimited=True)

    def for_request(self, scope: Any, body: IO[bytes]) -> Pool:
        """Choose the threads that may answer a request."""
        if scope.path.startswith(FILES):
            return self.files
        if scope.path.startswith(STATIC):
            return self.static
        if scope.path == READY:
            return self.health
        return self.uploads if has_files(scope, body) else self.pages
