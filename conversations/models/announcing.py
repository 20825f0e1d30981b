"""Announcements: a write notifies every web process, by ids only, right after its commit and never before.

Inside the transaction NOTIFY would hold a database-wide lock until the flush, for a quarter of the posts per second.
Between commit and announcement a process may die, so nothing depends on an announcement: listeners also compare
revisions every other second.
"""

from functools import partial

from django.db import connection, transaction

CHANNEL = "chatsite"


def announce(event: str, *ids: int) -> None:
    """Notify all web processes of an event about these ids, once the transaction has committed."""
    words = " ".join([event, *map(str, ids)])
    transaction.on_commit(partial(notify, words), robust=True)  # the change is committed, so this is no error


def notify(words: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, words])
