"""Outages of the database, as this process sees them: after one failure, all requests fail at once until it answers.

Otherwise each would wait for a connection in one of the few threads, and requests that need no database behind them.
"""

import logging
import threading
import time
from contextlib import suppress
from typing import Any

import psycopg
from psycopg_pool import ConnectionPool

log = logging.getLogger(__name__)

RETRY_SECONDS = 0.25
POOL_TIMEOUT_SECONDS = 0.1
MIN_LOGGED_SECONDS = 1  # a shorter outage is not worth a line


class Outage:
    """Whether the database is unreachable, and the thread that finds out when it answers again."""

    def __init__(self) -> None:
        self.is_on = False
        self.reason = ""
        self.thread: threading.Thread | None = None
        self.lock = threading.Lock()

    def fail_if_down(self) -> None:
        """Raise OperationalError at once during an outage."""
        if self.is_on:
            raise psycopg.OperationalError(self.reason)

    def begin(self, pool: ConnectionPool, parameters: dict[str, Any], error: Exception) -> None:
        """Make all other requests fail at once, until a background thread has reached the database again."""
        with self.lock:
            self.is_on, self.reason = True, str(error).strip().partition("\n")[0]
            if not self.thread:
                self.thread = threading.Thread(target=self.wait, args=(pool, parameters), name="outage", daemon=True)
                self.thread.start()

    def wait(self, pool: ConnectionPool, parameters: dict[str, Any]) -> None:
        """Try until the database answers; log when a long outage begins and when it ends."""
        began, is_logged = time.monotonic(), False
        while not self.has_ended(pool, parameters):
            if not is_logged and time.monotonic() - began > MIN_LOGGED_SECONDS:
                log.warning("the database is unreachable: %s", self.reason)
                is_logged = True
            time.sleep(RETRY_SECONDS)
        with self.lock:
            self.is_on, self.thread = False, None
        if is_logged:
            log.warning("the database answers again after %.0f s", time.monotonic() - began)

    def has_ended(self, pool: ConnectionPool, parameters: dict[str, Any]) -> bool:
        """Tell whether the pool has a free connection, as if all were merely in use, or a new one can be made."""
        with suppress(psycopg.Error), pool.connection(timeout=POOL_TIMEOUT_SECONDS) as pooled:
            pooled.execute("SELECT 1")
            return True
        try:
            psycopg.connect(**parameters).close()
        except psycopg.Error as error:
            self.reason = str(error).strip().partition("\n")[0]
            return False
        return True


outage = Outage()
