"""Release 0.1 still works on the newest schema: its processes keep running during the next release's migrations."""

import os
import subprocess
import sys
import tarfile
from io import BytesIO

import pytest
from django.conf import settings
from django.core.management import call_command

from chatsite.tests.upgrading.databases import django_on, scratch, url

COMMIT = "c31fbeb"
# Its own tests of posting, reading and live updates.
TESTS = [f"conversations/tests/test_{noun}.py" for noun in ("message", "changes", "history", "inbox")] + [
    f"conversations/tests/test_streams.py::test_{promise}"
    for promise in (
        "a_stream_goes_on_from_what_the_page_knew",
        "fifty_sends_with_one_key_from_eight_connections_are_one_message",
        "who_may_not_see_a_conversation_has_no_stream_of_it",
        "the_inbox_tells_members_alone_and_counts_for_each",
    )
]
# Its site starts on its own schema, as it refuses to start on a newer one; then our code migrates the database. Its
# tests empty the tables of release 0.1, and with them newer ones that refer to them.
CONFTEST = """
import os
import subprocess
import sys

import pytest

from django.db.backends.postgresql.operations import DatabaseOperations

from chatsite.trials import site as sites
from chatsite.trials.site import Site, environment

sites.PATIENCE = 600
flush = DatabaseOperations.sql_flush
DatabaseOperations.sql_flush = lambda *args, **options: flush(*args, **options | {"allow_cascade": True})


def manage(code, folder, *arguments):
    command = [sys.executable, "manage.py", *arguments, "--verbosity=0"]
    subprocess.run(command, cwd=code, env=environment(VAR_DIR=str(folder)), check=True)


@pytest.fixture(scope="session")
def running_site(tmp_path_factory):
    site = Site(tmp_path_factory.mktemp("running") / "var")
    manage(".", site.folder, "migrate")
    manage(".", site.folder, "collectstatic", "--no-input")
    try:
        site.start()
        manage(os.environ["NEW_CODE"], site.folder, "migrate")
        yield site
    finally:
        site.kill_all()
"""
SECONDS = 1800  # on a busy machine


@pytest.fixture
def old_code(tmp_path):
    """A folder with the code of release 0.1, from the history of this clone."""
    git = ["git", "-C", settings.BASE_DIR, "archive", COMMIT]
    try:
        done = subprocess.run(git, capture_output=True, check=False)
    except FileNotFoundError:
        pytest.skip("there is no git")
    if done.returncode:
        pytest.skip(f"this copy of the code has no history back to {COMMIT}: {done.stderr.decode().strip()}")
    folder = tmp_path / "code"
    with tarfile.open(fileobj=BytesIO(done.stdout)) as archive:
        archive.extractall(folder, filter="data")
    (folder / "conftest.py").write_text(CONFTEST)
    return folder


@pytest.mark.slow
def test_release_0_1_posts_and_reads_on_the_newest_schema(old_code, django_db_blocker, request):
    with scratch("newest") as name, django_db_blocker.unblock():
        with django_on(name):
            call_command("migrate", verbosity=0)
        # Its tests reuse the database as if an earlier run had left it; they add the prefix themselves.
        ours = {"DATABASE_URL": url(name.removeprefix("test_")), "NEW_CODE": str(settings.BASE_DIR)}
        done = run(old_code, "--reuse-db", "--durations=3", "-k", "not a_thousand", *TESTS, **ours)
    assert not done.returncode, done.stdout[-10_000:] + done.stderr
    assert "skipped" not in done.stdout
    request.config.get_terminal_writer().line(f"\nrelease 0.1 on the newest schema: {done.stdout.splitlines()[-1]}")


def run(code, *arguments, **variables):
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "DJANGO_"))}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "--numprocesses=0", *arguments],
        cwd=code,
        env=inherited | {"VAR_DIR": str(code.parent / "var")} | variables,
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS,
    )
