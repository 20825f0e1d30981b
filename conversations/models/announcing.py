"""Announcements: how a write tells every web process at once. Ids only, right after its commit, never before it.

Inside the transaction NOTIFY would hold a lock of the whole database until the flush, which keeps posts to a quarter of
their number. Between commit and announcement a process may die: nothing depends on an announcement, as whoever
listens also compares revisions every other second.
"""

from functools import partial

from django.db import connection, transaction

CHANNEL = "chatsite"


def announce(event: str, *ids: int) -> None:
    """Tell all who listen that something happened to the things with these ids, once the transaction has committed."""
    words = " ".join([event, *map(str, ids)])
    transaction.on_commit(partial(notify, words), robust=True)  # a lost announcement must not fail what is committed


def notify(words: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, words])
