"""Outages of the database, as this process sees them: after one failure all requests fail at once until it answers.

Otherwise each would wait for a connection in one of the few threads, and even pages without the database behind them.
"""

import logging
import threading
import time
from contextlib import suppress
from typing import Any

import psycopg
from psycopg_pool import ConnectionPool

log = logging.getLogger(__name__)

TRY_SECONDS = 0.25  # between two tries to connect
FREE_SECONDS = 0.1  # to get one of the pool
QUICK_SECONDS = 1  # an outage that was shorter is not worth a line


class Outage:
    """Whether the database is away, and the thread that finds out when it is back."""

    def __init__(self) -> None:
        self.is_on = False
        self.reason = ""
        self.thread: threading.Thread | None = None
        self.lock = threading.Lock()

    def fail_if_away(self) -> None:
        """Raise OperationalError at once during an outage."""
        if self.is_on:
            raise psycopg.OperationalError(self.reason)

    def begin(self, pool: ConnectionPool, parameters: dict[str, Any], error: Exception) -> None:
        """Let all others fail at once, until a thread of its own has reached the database again."""
        with self.lock:
            self.is_on, self.reason = True, str(error).strip().partition("\n")[0]
            if not self.thread:
                self.thread = threading.Thread(target=self.wait, args=(pool, parameters), name="outage", daemon=True)
                self.thread.start()

    def wait(self, pool: ConnectionPool, parameters: dict[str, Any]) -> None:
        """Try until the database answers, and say in two lines how long it was away."""
        began, has_said = time.monotonic(), False
        while not self.has_ended(pool, parameters):
            if not has_said and time.monotonic() - began > QUICK_SECONDS:
                log.warning("the database is away: %s", self.reason)
                has_said = True
            time.sleep(TRY_SECONDS)
        with self.lock:
            self.is_on, self.thread = False, None
        if has_said:
            log.warning("the database is back after %.0f s", time.monotonic() - began)

    def has_ended(self, pool: ConnectionPool, parameters: dict[str, Any]) -> bool:
        """Tell whether a connection is free, as when all of the pool were in use, or a new one can be made."""
        with suppress(psycopg.Error), pool.connection(timeout=FREE_SECONDS) as pooled:
            pooled.execute("SELECT 1")
            return True
        try:
            psycopg.connect(**parameters).close()
        except psycopg.Error as error:
            self.reason = str(error).strip().partition("\n")[0]
            return False
        return True


outage = Outage()
