"""No migration keeps people from posting or reading, even in a large workspace.

How to write a safe migration: a statement that changes a table waits for everybody who is using it, and everybody who
comes later waits behind it. So whatever holds a lock must finish within a moment, however large the table is:

- A new column is nullable or has a constant `db_default`. A volatile one (gen_random_uuid()) rewrites the table.
- Existing rows are filled in by a job, in batches with a transaction each, never by one UPDATE in the migration.
- Indexes are made and dropped by `AddIndexConcurrently` and `RemoveIndexConcurrently` in a migration that is not
  `atomic`. A unique constraint takes over such an index (ADD CONSTRAINT … UNIQUE USING INDEX).
- A check, a foreign key or NOT NULL comes as NOT VALID (`AddConstraintNotValid`); a second migration validates it
  (`ValidateConstraint`), which blocks nobody.
- A migration that locks a table waits for the longest transaction, and people wait behind it. It must set
  `lock_timeout`, and do nothing else, so that it can be repeated.
- Dropping or renaming a column, or changing its type, takes two releases: processes of the previous one run until the
  last of them is restarted. The first release adds the new column and writes both, the next one drops the old.
- `RenameModel` and `RenameField` change Django's state alone: `db_table`, `db_column` and names of constraints stay.
- A migration imports no code of ours: its SQL is text in the migration.
"""

import os
import time
from io import StringIO

import pytest
from django.db import connection
from psycopg.errors import LockNotAvailable

from chatsite.tests.upgrading import large
from chatsite.tests.upgrading.databases import django_on, migrate, restore, scratch, server
from chatsite.tests.upgrading.talking import Talkers
from chatsite.tests.upgrading.watching import LIMIT, Watcher

MESSAGES = int(os.environ.get("MESSAGES", 1_000_000))
SLOW_SECONDS = LIMIT.total_seconds() + 0.3
BAD = {
    "an index": ("CREATE INDEX bad ON messages (content)", "ShareLock on messages was held"),
    "a column": (
        "ALTER TABLE messages ADD bad uuid DEFAULT gen_random_uuid()",
        "AccessExclusiveLock on messages was held",
    ),
    "a foreign key": (
        "ALTER TABLE pins ADD FOREIGN KEY (message_id) REFERENCES messages",
        "ShareRowExclusiveLock on messages was held",
    ),
    "all rows": ("UPDATE conversations SET topic = 'bad'", "ShareLock on a row kept people waiting"),
}


class Progress(StringIO):
    """What `migrate` prints; the watcher learns from it which migration is running."""

    def __init__(self, watcher):
        super().__init__()
        self.watcher = watcher

    def write(self, words):
        if "Applying" in words:
            self.watcher.migration = words.split()[1].removesuffix("...")
        return super().write(words)


@pytest.mark.parametrize("messages", [20_000, pytest.param(MESSAGES, marks=pytest.mark.slow)])
def test_people_can_post_and_read_during_all_migrations(messages, django_db_blocker, request):
    with scratch("large") as name, django_db_blocker.unblock():
        began = time.monotonic()
        large.fill(name, messages)
        filled = time.monotonic()
        with Watcher(name) as watcher, Talkers(name) as talkers:
            talkers.wait_for(20)
            migrating = time.monotonic()
            migrate(name, stdout=Progress(watcher), no_color=True)
            migrated = time.monotonic()
            talkers.wait_for(20)
        with server(name) as here:
            [stored] = here.execute("SELECT count(*) FROM messages WHERE id = ANY(%s)", [talkers.posted]).fetchone()
        longest = watcher.longest()[:1]
    line = f"\n{messages:,} messages made in {filled - began:.0f} s, migrated in {migrated - migrating:.1f} s"
    line += f" while {len(talkers.posted)} were posted; longest lock: "
    line += f"{longest[0][0].total_seconds():.3f} s ({longest[0][1]})" if longest else "none"
    request.config.get_terminal_writer().line(line)
    assert not talkers.errors
    assert stored == len(talkers.posted)
    assert watcher.samples
    assert not watcher.faults()


@pytest.fixture
def small(django_db_blocker):
    """A database of release 0.1 with a watcher, and people who post and read."""
    with scratch("small") as name, django_db_blocker.unblock(), django_on(name):
        restore(name)
        with Watcher(name, "accounts.0009_bad") as watcher, Talkers(name) as talkers:
            talkers.wait_for(5)
            yield watcher
            talkers.wait_for(5)


@pytest.mark.parametrize("statement", BAD)
def test_the_watcher_reports_the_locks_of_a_bad_migration(statement, small):
    sql, fault = BAD[statement]
    with connection.schema_editor() as editor:
        editor.execute(sql)
        editor.execute(f"SELECT pg_sleep({SLOW_SECONDS})")  # as if the table were large
    assert any(f"accounts.0009_bad: {fault} for" in each for each in small.faults()), small.faults()


def test_the_watcher_reports_queued_locks_that_others_wait_behind(small):
    with server(small.name) as reader, reader.transaction():
        reader.execute("SELECT count(*) FROM users")  # and stays in its transaction
        with server(small.name) as migrating:
            migrating.execute(f"SET lock_timeout = '{SLOW_SECONDS}s'")
            with pytest.raises(LockNotAvailable):
                migrating.execute("ALTER TABLE users ADD bad integer")
    assert any("AccessExclusiveLock on users was queued for" in each for each in small.faults()), small.faults()


def test_the_watcher_reports_nothing_for_a_good_migration(small):
    with connection.schema_editor(atomic=False) as editor:
        editor.execute("CREATE INDEX CONCURRENTLY good ON messages (content)")
        editor.execute("ALTER TABLE messages ADD good integer NOT NULL DEFAULT 7")
        editor.execute("ALTER TABLE pins ADD CONSTRAINT good FOREIGN KEY (message_id) REFERENCES messages NOT VALID")
    with connection.schema_editor() as editor:
        editor.execute("ALTER TABLE pins VALIDATE CONSTRAINT good")
        editor.execute(f"SELECT pg_sleep({SLOW_SECONDS})")
    assert small.samples
    assert not small.faults()
