"""Pytest on a real PostgreSQL, from DATABASE_URL or embedded, and the fixtures that all apps share."""

import fcntl
import os
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress

import hypothesis
import psycopg
import pytest
from django.db import DatabaseError, connection
from django.test import Client
from psycopg import sql
from psycopg.errors import DeadlockDetected

from chatsite.environment import VAR
from chatsite.postgres import cluster, database

# Tables that are not emptied: rows that migrations wrote, and the running workers.
NOT_EMPTIED = {"django_migrations", "django_content_type", "auth_permission", "procrastinate_workers"}
# A test has the mark of each fixture it uses, directly or through another one.
MARKS = {"browser": "browser", "text_browser": "browser", "whole_browser": "push"}
MARKS |= {"prepared": "site", "new_site": "site", "manage": "site"}


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config, args: list[str]) -> None:
    """Start the server before the settings are read, because they read its password."""
    args[:] = [*workers(early_config.known_args_namespace.file_or_dir), *args]
    os.environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", str(VAR / "hypothesis"))
    hypothesis.settings.register_profile("chatsite", deadline=None)  # no test depends on how busy a machine is
    hypothesis.settings.load_profile("chatsite")
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright runs an event loop in the test's thread
    stack = ExitStack()
    stack.enter_context(database.running())
    early_config.add_cleanup(stack.close)


def workers(paths: list[str]) -> list[str]:
    """Run a single file in this process and on the database of the last run, everything else on all cores."""
    [path, *others] = paths or [""]
    is_one_file = not others and path.partition("::")[0].endswith(".py")
    return ["--numprocesses=0", "--reuse-db"] if is_one_file else ["--numprocesses=logical", "--dist=worksteal"]


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "browser: needs a browser (set by the fixtures of a test)")
    config.addinivalue_line("markers", "site: starts manage.py as a program of its own (set by the fixtures of a test)")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        for mark in {MARKS[name] for name in MARKS.keys() & set(item.fixturenames)}:
            item.add_marker(mark)


@pytest.fixture(scope="session", autouse=True)
def disposable_database(django_db_setup, django_db_blocker) -> Iterator[None]:
    """Let tests empty all tables, even the audit log, and close all connections to the database at the end.

    The live server may still hold connections for browsers that have left. If no test of a run needs a database, the
    connection is to the developer's database, which is left alone.
    """
    if not connection.settings_dict["NAME"].startswith("test_"):
        yield
        return
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        drop_databases_of_other_schemas(cursor)
        cursor.execute("ALTER TABLE audit DISABLE TRIGGER audit_is_not_emptied")
        tables = connection.introspection.table_names(cursor)
        cursor.execute(truncate_statement(tables))  # a killed run leaves rows behind
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        others = "datname = current_database() AND pid <> pg_backend_pid()"
        cursor.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")  # noqa: S608


def drop_databases_of_other_schemas(cursor) -> None:
    """Drop the test databases of earlier runs whose schema is out of date (see settings.py)."""
    base, schema = re.fullmatch(r"(.+)_([0-9a-f]{8})(?:_gw\d+)?", connection.settings_dict["NAME"]).groups()
    cursor.execute("SELECT datname FROM pg_database WHERE datname NOT LIKE %s", [f"%{schema}%"])
    for (name,) in cursor.fetchall():
        if re.fullmatch(rf"{re.escape(base)}(_[0-9a-f]{{8}})?(_gw\d+)?", name):
            with suppress(DatabaseError):  # another run may use it, or drop it at the same time
                cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))


@pytest.fixture(scope="session", autouse=True)
def static_files(temporary_files) -> None:
    """Collect the static files as for production, since a browser takes longer to load their 60 sources."""
    from chatsite import static

    VAR.mkdir(exist_ok=True)
    with (VAR / "static.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        static.collect()


@pytest.fixture(scope="session", autouse=True)
def temporary_files(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Store attachments of tests in a folder of this run."""
    from django.conf import settings

    settings.STORAGES["files"] = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": tmp_path_factory.mktemp("files")},
    }


@pytest.fixture
def as_() -> Iterator:
    """Return a client that has just signed in as a person: `as_(ana).get("/")`."""
    from allauth.usersessions.models import UserSession

    def sign_in(user):
        client = Client()
        client.force_login(user)
        have_just_authenticated(client, user)
        key = client.session.session_key
        UserSession.objects.get_or_create(session_key=key, defaults={"user": user, "ip": "127.0.0.1"})
        return client

    return sign_in


def have_just_authenticated(client, user, ago=0):
    """Let the session of a client say that its person has proven who they are, so many seconds ago."""
    session = client.session
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time() - ago, "reauthenticated": True}
    ]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()


@pytest.fixture
def run_jobs(db):
    """Run the jobs that this test has enqueued, in this thread: `run_jobs()` returns how many there were."""
    from chatsite.jobs.declaring import tasks
    from chatsite.jobs.models import Job

    Job.objects.all().delete()  # of earlier tests: Django empties only the tables that its models describe

    def run():
        waiting = list(Job.objects.filter(status=Job.Status.WAITING).order_by("pk"))
        for job in waiting:
            tasks[job.task_name].call(*job.arguments, **job.options)
            Job.objects.filter(pk=job.pk).update(status=Job.Status.SUCCEEDED)
        return len(waiting)

    return run


@pytest.fixture(scope="session")
def manage():
    """Run a command of manage.py as a program of its own: `manage("check", VAR_DIR="…")`."""
    from chatsite.trials.client.site import manage

    return manage


@pytest.fixture(scope="session")
def prepared(tmp_path_factory):
    """The folder of a site without people, to be copied: made once for all tests of a run."""
    from chatsite.trials.client.site import Site

    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    with (shared / "prepared.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (shared / "prepared").exists():
            site = Site(shared / "preparing").start()
            site.stop()
            site.folder.rename(shared / "prepared")
    return shared / "prepared"


@pytest.fixture
def new_site(tmp_path):
    """A site in an empty folder, not started; its processes are killed afterwards."""
    yield from until_killed(tmp_path / "var")


@pytest.fixture
def site(prepared, tmp_path):
    """A site with a database and static files, not started; its processes are killed afterwards."""
    yield from copied(prepared, tmp_path / "var")


@pytest.fixture(scope="session")
def running_site(prepared, tmp_path_factory):
    """A site that runs as long as the tests of this process."""
    for site in copied(prepared, tmp_path_factory.mktemp("running") / "var"):
        yield site.start()


@pytest.fixture
def shared_site(running_site):
    """A running site without people, for tests that leave it intact."""
    empty(running_site)
    assert running_site.get("/readyz")[0] == 200
    return running_site


def copied(prepared, folder):
    shutil.copytree(prepared, folder)
    yield from until_killed(folder)


def until_killed(folder):
    from chatsite.trials.client.site import Site

    site = Site(folder)
    yield site
    if site.is_running:
        site.kill_all()


def empty(site):
    """Remove all data. Sequences continue, so that a late request finds no new row with an old id."""
    with psycopg.connect(**cluster.connection(site.folder / "postgres"), autocommit=True) as server:
        rows = server.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        server.execute("ALTER TABLE audit DISABLE TRIGGER audit_is_not_emptied")
        truncate = truncate_statement([name for (name,) in rows])
        for _ in range(5):  # a late request may deadlock with this: each holds a table that the other waits for
            with suppress(DeadlockDetected):
                return server.execute(truncate)
        return server.execute(truncate)


def truncate_statement(tables):
    """Compose the statement that empties all tables except those of migrations and running workers."""
    names = map(sql.Identifier, sorted(set(tables) - NOT_EMPTIED))
    return sql.SQL("TRUNCATE {}").format(sql.SQL(", ").join(names))
