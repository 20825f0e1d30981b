"""Rate limits, stored in PostgreSQL, so that they hold across processes.

Each is a bucket that fills at a constant rate, stored as the time at which it will be full again. Taking from it is one
statement. The table is UNLOGGED: no write waits for the disk, and a crash of the database empties it.
"""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import connection, models
from django.utils.translation import ngettext

limited: ContextVar[bool] = ContextVar("limited", default=True)
# A bucket that would take longer to fill than any can was written before the clock was set back: treat it as full.
TAKE = """
INSERT INTO limits (key, full_at) VALUES (%(key)s, clock_timestamp() + %(seconds)s * interval '1 second')
ON CONFLICT (key) DO UPDATE
SET full_at = CASE
    WHEN limits.full_at > clock_timestamp() + (%(slack)s + %(seconds)s + 1) * interval '1 second' THEN clock_timestamp()
    ELSE greatest(limits.full_at, clock_timestamp())
END + %(seconds)s * interval '1 second'
WHERE limits.full_at <= clock_timestamp() + %(slack)s * interval '1 second'
OR limits.full_at > clock_timestamp() + (%(slack)s + %(seconds)s + 1) * interval '1 second'
RETURNING key
"""
GIVE_BACK = "UPDATE limits SET full_at = full_at - %(seconds)s * interval '1 second' WHERE key = %(key)s"
WAIT = "SELECT extract(epoch FROM full_at - clock_timestamp()) - %(slack)s FROM limits WHERE key = %(key)s"


@dataclass(frozen=True)
class Rate:
    """A limit of `burst` actions at once, then one every `seconds`."""

    burst: int
    seconds: float


RATES = {
    "send": Rate(20, 0.5),
    "change": Rate(60, 0.5),  # edits, deletions, drafts, marks
    "type": Rate(20, 2),  # each is sent to everybody who has the conversation open
    "upload": Rate(10, 30),
    "attach": Rate(50, 6),  # files: each may be a picture that takes seconds to decode
    "send large": Rate(20, 5),  # requests whose bodies are larger than that of a usual form
    "search": Rate(30, 1),
    "invite": Rate(30, 120),
    "test": Rate(5, 60),  # pushes to a browser of their own
    "begin a session": Rate(30, 10),  # without signing in: for a passkey, or for a provider
    "sign up": Rate(20, 60),  # accounts created
    "try to sign up": Rate(20, 60),  # forms sent, as their errors reveal which names and addresses are taken
    "sign in": Rate(5, 360),  # wrong passwords for one account, or in one known browser
    "sign in from": Rate(20, 90),  # wrong passwords from one address
    "code": Rate(5, 360),  # wrong codes of a second factor
}


class LimitReached(Exception):
    """A person or an address has done something too often, and may try again in `seconds`."""

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


def take(action: str, by: AbstractBaseUser | None) -> None:
    """Count an action by a person; raise LimitReached if there were too many. Commands (None) have no limit.

    Only verbs call this, never doors, so that one limit holds for pages, the API and every other way to act.
    """
    if by:
        take_by_key(action, by.pk)


def take_by_key(action: str, key: object) -> None:
    """Count an action of a visitor without an account, by IP address or e-mail address."""
    if not settings.LIMITS or not limited.get():
        return
    values = bucket(action, key)
    with connection.cursor() as cursor:
        cursor.execute(TAKE, values)
        if cursor.fetchone() is None:
            raise LimitReached(max(1, seconds_to_wait(values)))


def take_by_address(action: str, address: str) -> None:
    """Count an action of a visitor by IP address, unless it is in a trusted network."""
    if not is_trusted(address):
        take_by_key(action, network_of(address))


def give_back(action: str, key: object) -> None:
    """Undo `take_by_key`, if the action should not count after all."""
    if settings.LIMITS and limited.get():
        with connection.cursor() as cursor:
            cursor.execute(GIVE_BACK, bucket(action, key))


def require(action: str, by: AbstractBaseUser) -> None:
    """Raise LimitReached if `take` would, without counting anything."""
    if settings.LIMITS and limited.get() and (seconds := seconds_to_wait(bucket(action, by.pk))):
        raise LimitReached(seconds)


def is_trusted(address: str) -> bool:
    """Tell whether an address is in a network that the operator trusts, such as an office behind one address."""
    return any(ip_address(address) in network for network in settings.TRUSTED_NETWORKS)


def network_of(address: str) -> str:
    """Return what counts as one address: for IPv6 a /64, which is the network of one household."""
    found = ip_address(address)
    return str(ip_network(f"{found}/64", strict=False)) if found.version == 6 else str(found)


@contextmanager
def unlimited() -> Iterator[None]:
    """Lift the limits for imports, which write on behalf of many people at once."""
    token = limited.set(False)
    try:
        yield
    finally:
        limited.reset(token)


def bucket(action: str, key: object) -> dict[str, str | float]:
    rate = RATES[action]
    return {"key": f"{action}:{key}", "seconds": rate.seconds, "slack": (rate.burst - 1) * rate.seconds}


def seconds_to_wait(values: dict[str, str | float]) -> int:
    """Read how long to wait until a bucket is full enough, in whole seconds, rounded up."""
    with connection.cursor() as cursor:
        cursor.execute(WAIT, values)
        row = cursor.fetchone()
    return max(0, math.ceil(row[0])) if row else 0


def delete_full_buckets() -> int:
    """Delete the buckets that are full, which limit nothing; return how many."""
    return Limit.objects.filter(full_at__lt=models.functions.Now()).delete()[0]
