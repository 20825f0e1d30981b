"""What /healthz and /readyz answer, and to whom, whatever state the site is in."""

import os
import shutil
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chatsite import health
from chatsite.trials.client.site import wait_for
from conversations.live.hearing import DEAF_SECONDS, Hearing

PAGE = "/accounts/login/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def hearing(monkeypatch):
    """A process that listens and has just heard its own ping, in place of that of this test run."""
    hearing = Hearing()
    hearing.is_expected, hearing.sent_at = True, time.monotonic()
    hearing.heard(hearing.name, time.time())
    monkeypatch.setattr(health, "hearing", hearing)
    return hearing


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_a_probe_may_use_an_ip_address(client, path):
    assert client.get(PAGE, headers={"Host": "10.0.0.7"}).status_code == 400, "pages insist on their host"
    assert client.get(path, headers={"Host": "10.0.0.7"}).status_code == 200


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_a_probe_needs_no_session(as_, django_user_model, path):
    client = as_(django_user_model.objects.create(username="ana", email="ana@example.org"))
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
    assert not [each["sql"] for each in queries if "session" in each["sql"]]


def test_readyz_is_cheap_once_the_schema_is_known(client):
    client.get("/readyz")
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/readyz").status_code == 200
    statements = [each for each in queries if "SAVEPOINT" not in each["sql"]]
    assert len(statements) == 3, "whether it can write, the jobs, and the deliveries"


def test_readyz_fails_while_the_database_is_read_only(client):
    assert client.get("/readyz").status_code == 200
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL transaction_read_only = on")
    answer = client.get("/readyz")
    assert (answer.status_code, answer.content) == (503, b"the database is read-only\n")


def test_readyz_fails_while_the_disk_is_full(client, monkeypatch):
    assert client.get("/readyz").status_code == 200
    full = shutil.disk_usage("/")._replace(free=1_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: full)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.content) == (503, b"the disk is full\n")


def test_readyz_fails_unless_the_ping_of_this_process_came_back_lately(client, hearing):
    assert client.get("/readyz").status_code == 200
    hearing.heard_at -= DEAF_SECONDS
    hearing.heard("another process", time.time())
    answer = client.get("/readyz")
    assert (answer.status_code, answer.content) == (503, b"announcements are not heard\n")
    hearing.heard(hearing.name, time.time())
    assert client.get("/readyz").status_code == 200


def test_clocks_that_differ_are_reported_once_and_are_a_detail(client, hearing, caplog):
    for _ in range(2):
        hearing.heard(hearing.name, time.time() - 3600)
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert "clocks: that of the database differs from ours by -3600 s" in answer.content.decode()
    assert len([each for each in caplog.messages if "the clock of the database" in each]) == 1
    hearing.heard(hearing.name, time.time())
    assert "clocks" not in client.get("/readyz").content.decode()


def timed(site, path):
    began = time.monotonic()
    status, body = site.get(path)
    return status, time.monotonic() - began, body


def test_health_checks_wait_for_no_page_and_pages_that_waited_too_long_say_when_to_retry(shared_site):
    with shared_site.database() as database, ThreadPoolExecutor(8) as visitors, database.transaction():
        database.execute("LOCK TABLE places")
        pages = [visitors.submit(shared_site.get, PAGE) for _ in range(8)]
        time.sleep(0.3)
        assert not any(each.done() for each in pages), "all threads of pages wait"
        status, seconds, _ = timed(shared_site, "/healthz")
        assert (status, seconds < 1) == (200, True)
        status, seconds, _ = timed(shared_site, "/readyz")
        assert (status, seconds < 1.5) == (200, True)
        assert {each.result()[0] for each in pages} <= {200, 503}


@contextmanager
def silent_database(site):
    """Let the database accept connections and answer none, as a machine does that hangs."""
    pid = site.postmaster
    with site.database() as database:
        os.kill(pid, signal.SIGSTOP)
        others = "usename = current_user AND pid <> pg_backend_pid()"
        database.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")  # noqa: S608
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def test_after_one_failure_nobody_waits_for_an_unreachable_database(site):
    site.start()
    assert site.get(PAGE)[0] == 200
    with silent_database(site), ThreadPoolExecutor(30) as visitors:
        first = list(visitors.map(timed, [site] * 8, [PAGE] * 8))
        assert max(seconds for _, seconds, _ in first) < 10
        later = list(visitors.map(timed, [site] * 30, [PAGE] * 30))
        assert max(seconds for _, seconds, _ in later) < 2, "thirty people, four threads"
        status, seconds, _ = timed(site, "/healthz")
        assert (status, seconds < 1) == (200, True)
        status, seconds, _ = timed(site, "/readyz")
        assert (status, seconds < 1) == (503, True)
        wait_for(lambda: "the database is unreachable" in site.log.read_text())
    wait_for(lambda: site.get("/readyz")[0] == 200)
    lines = site.stop()[1].splitlines()
    for words in ("the database is unreachable", "the database answers again", "no announcements come in"):
        assert len([line for line in lines if words in line]) == 1, "\n".join(lines)
