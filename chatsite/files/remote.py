"""Files in S3, whose server may hang, refuse or disappear: requests for files then fail within seconds."""

import threading
import time
from typing import Any

from django.db import connection
from storages.backends.s3 import S3Storage

from chatsite.files.unavailable import FilesRefused, FilesUnavailable

RETRY_SECONDS = 5  # between two attempts after a failure
# Error codes of a wrong bucket or key, with which no file can be read.
REFUSALS = ("NoSuchBucket", "AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", "403")


class CircuitBreaker:
    """After a failure, makes all requests fail at once, except one every few seconds that tries again."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.next_try_at = float("-inf")
        self.has_failed = False

    def before(self, **_: Any) -> None:
        """Raise FilesUnavailable unless it is time for an attempt."""
        with self.lock:
            if self.has_failed and time.monotonic() < self.next_try_at:
                raise FilesUnavailable("the file server failed a moment ago")
            self.next_try_at = time.monotonic() + RETRY_SECONDS

    def failed(self, exception: Exception, **_: Any) -> None:
        """Note that the server could not be reached or did not answer."""
        if not isinstance(exception, FilesUnavailable):
            self.has_failed, self.next_try_at = True, time.monotonic() + RETRY_SECONDS
            raise FilesUnavailable(str(exception)) from exception

    def answered(self, http_response: Any, parsed: dict[str, Any], **_: Any) -> None:
        """Note the server's answer; raise FilesUnavailable if it is broken, FilesRefused if our settings are wrong."""
        code = str(parsed.get("Error", {}).get("Code", ""))
        words = f"the file server answers {http_response.status_code} {code}"
        self.has_failed = http_response.status_code >= 500
        if self.has_failed:
            raise FilesUnavailable(words)
        if code in REFUSALS:
            raise FilesRefused(words)


class RemoteStorage(S3Storage):
    """S3 with a circuit breaker; no connection to the database is held while a thread waits for S3."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        # Reading a file is one request: the library's threads and its five attempts are for gigabytes.
        self.transfer_config.use_threads, self.transfer_config.num_download_attempts = False, 1
        self.breaker = CircuitBreaker()

    @property
    def connection(self) -> Any:
        is_new = not hasattr(self._connections, "connection")
        found = super().connection
        if is_new:
            events = found.meta.client.meta.events
            events.register("before-call.s3", self.release)
            events.register("before-call.s3", self.breaker.before)
            events.register("after-call-error.s3", self.breaker.failed)
            events.register("after-call.s3", self.breaker.answered)
        return found

    def release(self, **_: Any) -> None:
        """Return this thread's connection to the pool, which has fewer than there are threads."""
        if not connection.in_atomic_block:
            connection.close()
