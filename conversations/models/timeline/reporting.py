"""Turns to run a report, which costs the database more than any other page."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection, transaction

from accounts.models import LimitReached, User

MAX_STATEMENT_SECONDS = 10
RETRY_SECONDS = 5
PERSON, TURN = 0x7265706F, 0x7475726E  # "repo", "turn": kinds of advisory locks
# All of it lasts until the end of the transaction. Two people may hold a turn, in all processes together.
BEGIN = f"""
SELECT set_config('statement_timeout', %(timeout)s, true),
CASE WHEN NOT pg_try_advisory_xact_lock({PERSON}, %(person)s) THEN false
     WHEN pg_try_advisory_xact_lock({TURN}, 0) THEN true
     ELSE pg_try_advisory_xact_lock({TURN}, 1) END
"""


@contextmanager
def reporting(by: User) -> Iterator[None]:
    """Hold a turn to run a report; raise LimitReached if `by` is already running one, or enough others are."""
    values: dict[str, int | str] = {"person": by.pk % 2**31, "timeout": f"{MAX_STATEMENT_SECONDS}s"}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(BEGIN, values)
        _timeout, may_begin = cursor.fetchone()
        if settings.LIMITS and not may_begin:
            raise LimitReached(RETRY_SECONDS)
        yield
