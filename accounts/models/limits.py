"""Limits: how often somebody may do something. They are kept in PostgreSQL, so they hold across processes.

Each is a bucket that fills up evenly, kept as one moment: when it will be full again. Taking from it is one statement;
the table is UNLOGGED, so that costs no flush to the disk, and a crash of the database forgets it.
"""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection, models
from django.utils.translation import ngettext

if TYPE_CHECKING:
    from accounts.models import User

limited: ContextVar[bool] = ContextVar("limited", default=True)
TAKE = """
INSERT INTO limits (key, full_at) VALUES (%(key)s, clock_timestamp() + %(every)s * interval '1 second')
ON CONFLICT (key) DO UPDATE
SET full_at = greatest(limits.full_at, clock_timestamp()) + %(every)s * interval '1 second'
WHERE greatest(limits.full_at, clock_timestamp()) <= clock_timestamp() + %(slack)s * interval '1 second'
RETURNING key
"""
WAIT = "SELECT extract(epoch FROM full_at - clock_timestamp()) - %(slack)s FROM limits WHERE key = %(key)s"


@dataclass(frozen=True)
class Rate:
    """So many at once, then one each so many seconds."""

    burst: int
    every: float


RATES = {
    "send": Rate(20, 0.5),
    "change": Rate(60, 0.5),  # edits, deletions, drafts, marks
    "type": Rate(20, 2),  # each is told to all who have the conversation open
    "upload": Rate(10, 30),
    "search": Rate(30, 1),
    "invite": Rate(30, 120),
    "sign up": Rate(20, 60),
}


class LimitReached(Exception):
    """Somebody does something too often; `seconds` from now they may again."""

    def __init__(self, seconds: int) -> None:
        words = ngettext(
            "That was too quick. Try again in %(seconds)d second.",
            "That was too quick. Try again in %(seconds)d seconds.",
            seconds,
        )
        super().__init__(words % {"seconds": seconds})
        self.seconds = seconds


class Limit(models.Model):
    """One bucket: of one person, or of one address for who has no account."""

    key = models.CharField(max_length=200, primary_key=True)
    full_at = models.DateTimeField()

    class Meta:
        db_table = "limits"

    def __str__(self) -> str:
        return self.key


def take(what: str, by: "User | None") -> None:
    """Count one more of `what` by a person; raise LimitReached where that is too many. Commands (None) have no limit.

    Verbs take, doors never do: so the same limit holds for a page, the API and whatever else lets a person act.
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


def refuse_early(what: str, by: "User") -> None:
    """Raise LimitReached where `take` would, without counting: for doors, before they read or decode a large body."""
    if settings.LIMITS and limited.get() and (seconds := seconds_to_wait(bucket(what, by.pk))):
        raise LimitReached(seconds)


def would_refuse(what: str, by: "User") -> bool:
    """Tell whether `take` would refuse now, without counting: for doors, before they read or decode a large body."""
    return settings.LIMITS and limited.get() and seconds_to_wait(bucket(what, by.pk)) > 0


@contextmanager
def unlimited() -> Iterator[None]:
    """Lift the limits for imports, which write in the name of many people at once."""
    token = limited.set(False)
    try:
        yield
    finally:
        limited.reset(token)


def bucket(what: str, key: object) -> dict[str, object]:
    rate = RATES[what]
    return {"key": f"{what}:{key}", "every": rate.every, "slack": (rate.burst - 1) * rate.every}


def seconds_to_wait(values: dict[str, object]) -> int:
    """Read how long a bucket stays too empty to take from, in whole seconds, rounded up."""
    with connection.cursor() as cursor:
        cursor.execute(WAIT, values)
        row = cursor.fetchone()
    return max(0, math.ceil(row[0])) if row else 0


def forget_full() -> int:
    """Delete the buckets that are full, which say nothing any more; return how many."""
    return Limit.objects.filter(full_at__lt=models.functions.Now()).delete()[0]
