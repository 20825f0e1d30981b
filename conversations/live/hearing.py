"""Whether this process hears announcements: it announces a ping of its own every few seconds and waits for it.

A listening connection may be dead without an error, or lead to a pooler that swallows announcements. The ping also
carries the time of the database, which shows whether the clocks of the two machines differ.
"""

import logging
import time
from uuid import uuid4

from django.db import connection

from conversations.models.announcing import CHANNEL

log = logging.getLogger(__name__)

PING_SECONDS = 10
DEAF_SECONDS = 2 * PING_SECONDS
MAX_CLOCK_DIFFERENCE_SECONDS = 10
PING = "SELECT pg_notify(%s, 'ping ' || %s || ' ' || extract(epoch FROM clock_timestamp())::text)"


class Hearing:
    """The last ping that came back to this process."""

    def __init__(self) -> None:
        self.name = uuid4().hex[:12]
        self.is_expected = False  # a process without event streams does not listen
        self.sent_at = self.heard_at = float("-inf")
        self.lag_seconds: float | None = None
        self.clock_difference = 0.0

    @property
    def is_current(self) -> bool:
        """Tell whether this process heard its own ping recently, or does not listen."""
        return not self.is_expected or time.monotonic() - self.heard_at < DEAF_SECONDS

    @property
    def clocks_differ(self) -> bool:
        return abs(self.clock_difference) > MAX_CLOCK_DIFFERENCE_SECONDS

    def ping(self) -> None:
        """Announce a ping, as a write announces a change."""
        self.sent_at = time.monotonic()
        with connection.cursor() as cursor:
            cursor.execute(PING, [CHANNEL, self.name])

    def heard(self, name: str, database_time: float) -> None:
        """Note that a ping came back, unless it is that of another process."""
        if name != self.name:
            return
        self.heard_at = time.monotonic()
        self.lag_seconds = self.heard_at - self.sent_at
        differed = self.clocks_differ
        self.clock_difference = database_time - time.time()
        if self.clocks_differ and not differed:
            log.warning("the clock of the database differs from ours by %+.0f s: set both", self.clock_difference)


hearing = Hearing()
