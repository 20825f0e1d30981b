"""Limits: how often somebody may do something. They are kept in PostgreSQL, so they hold across processes.

Each is a bucket that fills up evenly, kept as one moment: when it will be full again. Taking from it is one statement;
the table is UNLOGGED, so that costs no flush to the disk, and a crash of the database forgets it.
"""

import math
from dataclasses import dataclass

from django.conf import settings
from django.db import connection, models
from django.utils.translation import ngettext

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


def take(what: str, who: object) -> None:
    """Count one more of `what` by `who`, a person's id or an address; raise LimitReached where it is too many."""
    if not settings.LIMITS:
        return
    rate = RATES[what]
    values = {"key": f"{what}:{who}", "every": rate.every, "slack": (rate.burst - 1) * rate.every}
    with connection.cursor() as cursor:
        cursor.execute(TAKE, values)
        if cursor.fetchone() is None:
            cursor.execute(WAIT, values)
            [seconds] = cursor.fetchone()
            raise LimitReached(max(1, math.ceil(seconds)))


def forget_full() -> int:
    """Delete the buckets that are full, which say nothing any more; return how many."""
    return Limit.objects.filter(full_at__lt=models.functions.Now()).delete()[0]


class CacheEntry(models.Model):
    """A row of Django's database cache, which allauth's own limits use; here so that migrations make it."""

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "cache"

    def __str__(self) -> str:
        return self.cache_key
