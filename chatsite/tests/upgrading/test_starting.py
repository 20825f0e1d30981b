"""An upgrade by `manage.py serve` while somebody uses the database."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import OperationalError
from psycopg.errors import DeadlockDetected, LockNotAvailable, QueryCanceled, UniqueViolation

from chatsite.postgres import migrating
from chatsite.tests.upgrading.databases import django_on, restore, scratch, server, url
from chatsite.trials.client.site import SECONDS_TO_START, Site

ADVISORY_LOCKS = """
SELECT * FROM pg_locks JOIN pg_database ON oid = database
WHERE locktype = 'advisory' AND datname = current_database()
"""
STATE = "SELECT indisvalid, indisunique FROM pg_index WHERE indexrelid = %s::regclass"
LINE = "A table is in use, perhaps by a backup or a vacuum. The migration is tried again …"


def let_go_once_it_waits(site, reader):
    """End the reader's transaction after the line about it was printed; return what was printed until then."""
    deadline = time.monotonic() + SECONDS_TO_START
    while LINE not in (printed := site.log.read_text() if site.log.exists() else ""):
        assert time.monotonic() < deadline, printed
        time.sleep(0.05)
    reader.execute("ROLLBACK")
    return printed


def test_a_start_tries_again_until_nobody_uses_a_table_for_long(tmp_path, django_db_blocker):
    with scratch("used") as name, django_db_blocker.unblock():
        restore(name)
        site = Site(tmp_path / "var")
        with server(name) as reader, ThreadPoolExecutor(1) as pool:
            reader.execute("BEGIN; SELECT count(*) FROM messages")  # and stays in its transaction
            printed = pool.submit(let_go_once_it_waits, site, reader)
            try:
                site.start(DATABASE_URL=url(name))
                assert "Chatsite is at" not in printed.result()
            finally:
                code, output = site.stop()
        with server(name) as here:
            assert here.execute(ADVISORY_LOCKS).fetchall() == []
    assert code == 0, output
    assert "Traceback" not in output


def test_a_start_builds_an_index_again_whose_build_was_interrupted(django_db_blocker):
    with scratch("interrupted") as name, django_db_blocker.unblock():
        restore(name)
        with server(name) as here:
            with pytest.raises(UniqueViolation):
                here.execute("CREATE UNIQUE INDEX CONCURRENTLY messages_timeline ON messages ((1))")
            with django_on(name):
                migrating.apply_in_turn()
            assert here.execute(
                "SELECT indisvalid, indisunique FROM pg_index WHERE indexrelid = %s::regclass", ["messages_timeline"]
            ).fetchall() == [(True, False)]


@pytest.fixture
def failing(monkeypatch):
    """Let the next migration fail; return a function that migrates and tells since when the command runs again."""
    again = []
    monkeypatch.setattr(migrating, "WAIT_SECONDS", 0)
    monkeypatch.setattr(migrating, "run_again", again.append)

    def migrate(cause, began):
        monkeypatch.setenv(migrating.SINCE, str(began))
        monkeypatch.setattr(migrating, "apply_in_turn", lambda: fail(cause))
        migrating.migrate()
        return again

    return migrate


def fail(cause):
    raise OperationalError("failed") from cause


@pytest.mark.parametrize("cause", [LockNotAvailable(), DeadlockDetected()])
def test_a_migration_that_others_keep_from_a_table_is_tried_again_for_ten_minutes(failing, cause):
    now = time.monotonic()
    assert failing(cause, now - 590) == [now - 590]
    with pytest.raises(OperationalError):
        failing(cause, now - 610)


def test_a_migration_that_fails_otherwise_is_not_tried_again(failing):
    with pytest.raises(OperationalError):
        failing(QueryCanceled(), time.monotonic())
