"""Rate limits, stored in PostgreSQL, so that they hold across processes.

Each is a bucket that fills at a constant rate, stored as the time at which it will be full again. Taking from it is one
statement. The table is UNLOGGED: no write waits for the disk, and a crash of the database empties it.
"""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import connection, models
from django.utils.translation import ngettext

limited: ContextVar[bool] = ContextVar("limited", default=True)
TAKE = """
INSERT INTO limits (key, full_at) VALUES (%(key)s, clock_timestamp() + %(seconds)s * interval '1 second')
ON CONFLICT (key) DO UPDATE
SET full_at = greatest(limits.full_at, clock_timestamp()) + %(seconds)s * interval '1 second'
WHERE greatest(limits.full_at, clock_timestamp()) <= clock_timestamp() + %(slack)s * interval '1 second'
RETURNING key
"""
WAIT = "SELECT extract(epoch FROM full_at - clock_timestamp()) - %(slack)s FROM limits WHERE key = %(key)s"


@dataclass(frozen=True)
class Rate:
    """`burst` at once, then one every `seconds`."""

    burst: int
    seconds: float


RATES = {
    "send": Rate(20, 0.5),
    "change": Rate(60, 0.5),  # edits, deletions, drafts, marks
    "type": Rate(20, 2),  # each is sent to everybody who has the conversation open
    "upload": Rate(10, 30),
    "search": Rate(30, 1),
    "invite": Rate(30, 120),
    "sign up": Rate(20, 60),  # accounts made
    "try to sign up": Rate(20, 60),  # forms sent, as their errors tell which names and addresses are taken
}


class LimitReached(Exception):
    """A person or an address does something too often, and may try again in `seconds`."""

    def __init__(self, seconds: int) -> None:
        words = ngettext(
            "Too many requests. Try again in %(seconds)d second.",
            "Too many requests. Try again in %(seconds)d seconds.",
            seconds,
        )
        super().__init__(words % {"seconds": seconds})
        self.seconds = seconds


class Limit(models.Model):
    """The bucket of one person, or of one address for visitors without an account."""

    key = models.CharField(max_length=200, primary_key=True)
    full_at = models.DateTimeField()

    class Meta:
        db_table = "limits"

    def __str__(self) -> str:
        return self.key


def take(what: str, by: AbstractBaseUser | None) -> None:
    """Count one more of `what` by a person; raise LimitReached when that is too many. Commands (None) have no limit.

    Only verbs take, never doors: so one limit holds for a page, the API and every other way to act.
    """
    if by:
        take_by_key(what, by.pk)


def take_by_key(what: str, key: object) -> None:
    """Count one more of `what` for a visitor without an account, by an IP address or an e-mail address."""
    if not settings.LIMITS or not limited.get():
        return
    values = bucket(what, key)
    with connection.cursor() as cursor:
        cursor.execute(TAKE, values)
        if cursor.fetchone() is None:
            raise LimitReached(max(1, seconds_to_wait(values)))


@contextmanager
def unlimited() -> Iterator[None]:
    """Lift the limits for imports, which write in the names of many people at once."""
    token = limited.set(False)
    try:
        yield
    finally:
        limited.reset(token)


def bucket(what: str, key: object) -> dict[str, str | float]:
    rate = RATES[what]
    return {"key": f"{what}:{key}", "seconds": rate.seconds, "slack": (rate.burst - 1) * rate.seconds}


def seconds_to_wait(values: dict[str, str | float]) -> int:
    """Read how long a bucket stays too empty to take from, in whole seconds, rounded up."""
    with connection.cursor() as cursor:
        cursor.execute(WAIT, values)
        row = cursor.fetchone()
    return max(0, math.ceil(row[0])) if row else 0


def forget_full() -> int:
    """Delete the buckets that are full, which limit nothing; return how many."""
    return Limit.objects.filter(full_at__lt=models.functions.Now()).delete()[0]
