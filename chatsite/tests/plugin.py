"""Pytest runs on a real PostgreSQL: the one of DATABASE_URL, else the embedded one, started here."""

import os
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from django.db import connection
from django.test import Client

from chatsite import database
from chatsite.environment import VAR


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Start the server before the settings are read, which ask for its password."""
    os.environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", str(VAR / "hypothesis"))
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright runs an event loop in the test's thread
    stack = ExitStack()
    stack.enter_context(database.at_hand())
    early_config.add_cleanup(stack.close)


@pytest.fixture(scope="session", autouse=True)
def database_that_can_go(django_db_setup, django_db_blocker) -> Iterator[None]:
    """Let tests empty all tables after themselves, also the audit log, and let the database go in the end.

    Until then the live server may hold connections for browsers that have left.
    """
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit DISABLE TRIGGER audit_is_not_emptied")
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        others = "datname = current_database() AND pid <> pg_backend_pid()"
        cursor.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")  # noqa: S608


@pytest.fixture(scope="session", autouse=True)
def files_that_can_go(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep attachments of tests in a folder of this run."""
    from django.conf import settings

    settings.STORAGES["files"] = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": tmp_path_factory.mktemp("files")},
    }


@pytest.fixture
def as_() -> Iterator:
    """Give a client that is signed in as somebody: `as_(ana).get("/")`."""

    def sign_in(user):
        client = Client()
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def site(tmp_path):
    """A site in an empty folder, not started; nothing of it is left behind."""
    from chatsite.trials.site import Site

    site = Site(tmp_path / "var")
    yield site
    if site.server and site.server.poll() is None:
        site.kill_all()
