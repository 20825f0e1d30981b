"""The time for everything that expires, robust against a clock that is wrong for a while.

A machine's clock may jump: a battery fails, a virtual machine resumes, somebody types a wrong date. If sessions
expired by it, everybody would be signed out permanently. So for an hour after a step, time continues as if there had
been none.
"""

import logging
import time
from datetime import UTC, datetime

log = logging.getLogger(__name__)

MAX_STEP_SECONDS = 60
TRUSTED_AFTER_SECONDS = 3600  # then the new time is probably right
UPTIME = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)  # the former continues while the machine sleeps


class SteadyClock:
    """The time of this process: that of the machine, unless its clock has just stepped."""

    def __init__(self) -> None:
        self.read_at, self.read = self.uptime(), time.time()
        self.stepped_at: float | None = None

    def time(self) -> float:
        """Return the seconds since 1970."""
        now, wall = self.uptime(), time.time()
        expected = self.read + now - self.read_at
        step = wall - expected
        if abs(step) < MAX_STEP_SECONDS:
            self.stepped_at = None
        elif self.stepped_at is None:
            self.stepped_at = now
            log.warning("the clock of this machine jumped by %+.0f s: is it right?", step)
            return expected
        elif now - self.stepped_at < TRUSTED_AFTER_SECONDS:
            return expected
        self.read_at, self.read = now, wall
        return wall

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.time(), UTC)

    def uptime(self) -> float:
        return time.clock_gettime(UPTIME)


clock = SteadyClock()
