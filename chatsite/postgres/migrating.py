"""Migrating at the start of the site: in turn with other machines, and again if a table is in use for too long."""

import os
import sys
import time

from django.core.management import call_command
from django.db import OperationalError, connection

from chatsite.postgres import database

TURN = 0x63686174  # "chat": the advisory lock by which several machines that start at once take turns
# Migrations do not wait long for a table, as others would wait behind them: lock timeout, deadlock.
IN_USE = ("55P03", "40P01")
WAIT_SECONDS = 5
GIVE_UP_SECONDS = 600
# An index whose build was interrupted, as by a lock timeout. It would keep the migration from building it again.
INTERRUPTED = """
SELECT indexrelid::regclass::text FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
WHERE NOT indisvalid AND relnamespace = current_schema()::regnamespace AND pg_has_role(relowner, 'USAGE')
  AND indexrelid NOT IN (SELECT index_relid FROM pg_stat_progress_create_index)
"""
SINCE = "CHATSITE_MIGRATING_SINCE"  # the time of the first try, for the next one


def migrate() -> None:
    """Apply all migrations; while a table is in use, run the whole command again from the start."""
    since = float(os.environ.pop(SINCE, time.monotonic()))
    try:
        apply_in_turn()
    except OperationalError as error:
        if database.sqlstate(error) not in IN_USE or time.monotonic() - since > GIVE_UP_SECONDS:
            raise
        print("A table is in use, perhaps by a backup or a vacuum. The migration is tried again …", flush=True)  # noqa: T201
        time.sleep(WAIT_SECONDS)
        run_again(since)


def apply_in_turn() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [TURN])
    try:
        drop_interrupted()
        call_command("migrate", interactive=False, verbosity=0)
    finally:
        connection.close()  # ends the turn, even if an error has left a transaction open


def drop_interrupted() -> None:
    with connection.cursor() as cursor:
        cursor.execute(INTERRUPTED)
        for (index,) in cursor.fetchall():
            cursor.execute(f"DROP INDEX CONCURRENTLY {index}")


def run_again(since: float) -> None:
    """Replace this process by a new one: a migration that failed may have left connection and models unusable."""
    os.environ[SINCE] = str(since)
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 – our own command, without a shell
