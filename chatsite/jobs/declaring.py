"""Declare tasks: register them, schedule them, and set for how long they are retried."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from itertools import accumulate
from typing import Any

from django.tasks import Task

FIRST_WAIT_SECONDS = 10
MAX_WAIT_SECONDS = 3600
TRIED_FOR = timedelta(minutes=10)

tasks: dict[str, "RegisteredTask"] = {}
schedules: dict[str, str] = {}
retries: dict[str, "Backoff"] = {}


class RegisteredTask(Task):
    """A task that workers look up by the path of its function."""

    def __post_init__(self) -> None:
        super().__post_init__()
        tasks.setdefault(self.module_path, self)


@dataclass(frozen=True)
class Backoff:
    """Retry after 10 seconds, then after twice as long each time, but at least every hour, for `lasting`."""

    lasting: timedelta = TRIED_FOR

    def wait_after(self, attempts: int) -> int | None:
        """Return the seconds to wait after a failure that followed this many earlier attempts; None to give up."""
        waits = [min(FIRST_WAIT_SECONDS * 2**number, MAX_WAIT_SECONDS) for number in range(attempts + 1)]
        *_, total = accumulate(waits)
        return waits[-1] if total <= self.lasting.total_seconds() else None


def retried[T: Task[..., Any]](lasting: timedelta) -> Callable[[T], T]:
    """Retry a task that fails for `lasting`, instead of the default of ten minutes."""

    def declare(task: T) -> T:
        retries[task.module_path] = Backoff(lasting)
        return task

    return declare


def every[T: Task[..., Any]](cron: str) -> Callable[[T], T]:
    """Run a task without arguments on a cron schedule, in UTC."""

    def declare(task: T) -> T:
        schedules[task.module_path] = cron
        return task

    return declare
