"""Whose files the storage holds: a marker in it names the database that they belong to.

A copy of a database, such as a restored backup, may still use the files of the original, and must not delete those that
it does not know. So nothing is deleted from a store whose marker names another database.
"""

import hashlib
import logging

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import connection

log = logging.getLogger(__name__)

MARKER = "database-id"
# A copy that was restored from a dump has another oid, even on the same server as the original.
IDENTITY = """
SELECT system_identifier, oid FROM pg_control_system(), pg_database WHERE datname = current_database()
"""


class ForeignStore(Exception):
    """The files belong to another database; the message says what to do."""

    def __init__(self) -> None:
        super().__init__(
            "the stored files belong to another database, so nothing is purged: this may be a copy. If it has replaced"
            " the original, run manage.py purge --adopt-files"
        )


def identity() -> str:
    """Return the name by which a marker refers to this database."""
    with connection.cursor() as cursor:
        cursor.execute(IDENTITY)
        return hashlib.sha256(repr(cursor.fetchone()).encode()).hexdigest()[:32]


def is_ours() -> bool:
    """Tell whether the files belong to this database; without a marker, claim them."""
    if not storages["files"].exists(MARKER):
        adopt()
    with storages["files"].open(MARKER) as marker:
        return marker.read().decode().strip() == identity()


def ensure_ours() -> None:
    """Raise ForeignStore if the files belong to another database."""
    if not is_ours():
        raise ForeignStore


def adopt() -> None:
    """Claim the files for this database, whichever they belonged to."""
    storages["files"].delete(MARKER)
    storages["files"].save(MARKER, ContentFile(f"{identity()}\n".encode()))
