"""`manage.py serve`, from outside: started, stopped, killed."""

import os
import re
import shutil
import signal
import socket
import stat
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import psycopg
import pytest
from django.conf import settings

from chatsite.postgres import cluster
from chatsite.server.workers import STARTING_SECONDS, wait_after
from chatsite.trials.client.site import SECONDS_TO_WAIT, WORKER, Site, wait_for


def ask(site, sql):
    with psycopg.connect(**cluster.connection(site.folder / "postgres"), autocommit=True) as database:
        return database.execute(sql).fetchall()


def test_it_starts_in_an_empty_folder_closes_it_to_other_users_and_stops_cleanly(new_site):
    site = new_site.start()
    assert "Create the first account" in site.get("/")[1]
    assert site.get("/healthz") == (200, "ok\n")
    assert_closed_to_other_users(site)
    output = assert_stops_cleanly(site, signal.SIGTERM)
    assert f"Chatsite is at {site.url}" in output
    assert "The first account becomes the owner" in output


def assert_closed_to_other_users(site):
    for path in ("secret_key", "postgres/password"):
        assert stat.S_IMODE((site.folder / path).stat().st_mode) == 0o600
    files = site.folder / "postgres"
    for path in (files, files / "data", cluster.socket_folder(files)):
        assert stat.S_IMODE(path.stat().st_mode) == 0o700
    assert ask(site, "SHOW listen_addresses") == [("",)]
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(**cluster.connection(site.folder / "postgres") | {"password": "wrong"})


def assert_stops_cleanly(site, number):
    assert len(site.processes()) > 2, "there are processes to stop"
    code, output = site.stop(number)
    assert code == 0, output
    assert site.processes() == []
    assert not (site.folder / "postgres" / "data" / "postmaster.pid").exists()
    return output


def test_it_recovers_after_everything_was_killed(site):
    site.start()
    ask(site, "INSERT INTO users (username, email) VALUES ('ana', 'ana@example.org') RETURNING id")
    site.kill_all()
    assert (site.folder / "postgres" / "data" / "postmaster.pid").exists(), "PostgreSQL had no time to clean up"
    site.start()
    assert ask(site, "SELECT username FROM users") == [("ana",)]
    assert_stops_cleanly(site, signal.SIGINT)


def test_the_next_start_takes_over_from_a_killed_server_and_its_database(site):
    site.start()
    site.server.kill()
    site.server.wait()
    site.start()
    assert site.get("/readyz")[0] == 200
    for pid in site.processes("manage.py"):
        os.kill(pid, signal.SIGKILL)
    site.server.wait()
    site.start()
    assert site.get("/readyz")[0] == 200
    assert_stops_cleanly(site, signal.SIGHUP)


def test_commands_share_the_running_database_and_leave_it_running(site, manage):
    site.start()
    done = manage("silent_users", "--format", "json", **site.variables)
    assert (done.returncode, done.stdout) == (0, "[]\n")
    assert site.get("/readyz")[0] == 200
    other = Site(site.folder)
    other.start()
    assert site.stop()[0] == 0
    assert other.get("/readyz")[0] == 200, "the database runs on for the other site"
    assert other.stop()[0] == 0
    assert site.processes() == []


def test_pages_and_static_files_are_compressed_and_static_files_cached_permanently(shared_site):
    sheet = re.search(r'href="(/static/css/chatsite\.\w+\.css)"', shared_site.get("/")[1])[1]
    request = urllib.request.Request(shared_site.url + sheet, headers={"Accept-Encoding": "br"})
    with urllib.request.urlopen(request) as answer:
        assert answer.headers["Content-Encoding"] == "br"
        assert "immutable" in answer.headers["Cache-Control"]
    body = shared_site.get(sheet)[1]
    assert "@import" not in body, "one file, not a dozen"
    assert "@layer components" in body
    request = urllib.request.Request(shared_site.url + "/accounts/login/", headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(request) as answer:
        assert answer.headers["Content-Encoding"] == "gzip"


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_a_database_that_exited_is_restarted(site, number):
    site.start()
    ask(site, "INSERT INTO users (username, email) VALUES ('ana', 'ana@example.org') RETURNING id")
    for round in (1, 2):
        pid = site.postmaster
        os.kill(pid, number)
        assert site.get("/healthz")[0] == 200
        wait_for(lambda pid=pid: site.get("/readyz")[0] == 200 and site.postmaster != pid)
        wait_for(lambda round=round: site.log.read_text().count("PostgreSQL had exited; it runs again") == round)
    assert ask(site, "SELECT username FROM users") == [("ana",)]
    assert_stops_cleanly(site, signal.SIGTERM)


def test_workers_that_die_again_and_again_are_replaced(site):
    site.start(WORKERS="2")
    time.sleep(max(0, STARTING_SECONDS - (time.time() - site.log.stat().st_ctime)))
    for _ in range(3):
        for pid in site.processes(WORKER):
            os.kill(pid, signal.SIGKILL)
        wait_for(lambda: len(site.processes(WORKER)) == 2 and site.get("/readyz")[0] == 200)
    assert site.is_running
    assert_stops_cleanly(site, signal.SIGTERM)


def test_a_worker_that_cannot_start_ends_the_start(site, tmp_path):
    code = tmp_path / "code"
    shutil.copytree(settings.BASE_DIR, code, ignore=shutil.ignore_patterns(".git", ".venv", "var", "__pycache__"))
    (code / "chatsite" / "server" / "rsgi.py").write_text("raise RuntimeError('a mistake')")
    site.code = code
    with pytest.raises(AssertionError, match="a mistake"):
        site.start()
    assert site.server.wait(SECONDS_TO_WAIT) == 1


def test_deaths_slow_the_replacement_down():
    assert [wait_after(deaths) for deaths in range(12)] == [0, 0, 0, 0, 0.5, 1, 2, 4, 8, 15, 15, 15]


def test_idle_connections_that_have_ended_break_no_page(shared_site):
    in_the_pool = "usename = current_user AND pid <> pg_backend_pid() AND state = 'idle' AND query NOT LIKE 'LISTEN%'"
    several = 4  # more than one request has time to try one by one
    deadline = time.monotonic() + SECONDS_TO_WAIT
    with ThreadPoolExecutor(2 * several) as visitors:
        while len(ask(shared_site, f"SELECT pid FROM pg_stat_activity WHERE {in_the_pool}")) < several:  # noqa: S608
            assert time.monotonic() < deadline, "the pool does not grow"
            list(visitors.map(shared_site.get, ["/accounts/login/"] * 8 * several))
    ended = ask(shared_site, f"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE {in_the_pool}")  # noqa: S608
    assert ended
    for _ in ended:
        assert shared_site.get("/accounts/login/")[0] == 200


def test_with_debug_it_reloads_changed_code_and_survives_mistakes(new_site, tmp_path):
    site, code = new_site, tmp_path / "code"
    shutil.copytree(settings.BASE_DIR, code, ignore=shutil.ignore_patterns(".git", ".venv", "var", "__pycache__"))
    site.code = code
    site.start(DEBUG="1")
    forms, models = code / "accounts" / "forms" / "sign_up.py", code / "accounts" / "models" / "role.py"
    right = {path: path.read_text() for path in (forms, models)}

    def wait_for(words, read):
        deadline = time.monotonic() + SECONDS_TO_WAIT
        while words not in read():
            assert time.monotonic() < deadline, f"{words} does not appear"
            time.sleep(0.1)

    def page():
        return site.get("/accounts/signup/")[1]

    try:
        wait_for("djDebug", page)
        for label in ("Secret word", "Magic word"):
            models.write_text(f"a mistake of {label} (")  # so that the worker cannot even start
            wait_for(f"a mistake of {label}", site.log.read_text)
            models.write_text(right[models])
            forms.write_text(right[forms].replace('label=_("Password")', f'label="{label}"'))
            wait_for(label, page)
    finally:
        site.stop()


def test_slow_or_endless_requests_delay_nobody(shared_site):
    head = f"POST /accounts/login/ HTTP/1.1\r\nHost: localhost:{shared_site.port}\r\nContent-Length: 1000\r\n\r\na"
    with ExitStack() as stack:
        for _ in range(12):
            slow = stack.enter_context(socket.create_connection(("127.0.0.1", shared_site.port)))
            slow.sendall(head.encode())
        assert shared_site.get("/healthz") == (200, "ok\n")
    request = urllib.request.Request(f"{shared_site.url}/accounts/login/", data=b"x" * 3_000_000)
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request)
    refused.value.close()
    assert refused.value.code == 413


def test_dbshell_opens_psql_on_the_embedded_server(new_site, manage):
    new_site.folder.mkdir()
    done = manage("dbshell", "--", "-Atc", "SELECT current_database()", **new_site.variables)
    assert (done.returncode, done.stdout) == (0, "chatsite\n"), done.stderr


def test_the_path_of_the_folder_may_be_too_long_for_a_socket(new_site, manage):
    new_site.folder = new_site.folder.with_name("long" * 30)
    done = manage("dbshell", "--", "-Atc", "SELECT 1", **new_site.variables)
    assert (done.returncode, done.stdout) == (0, "1\n"), done.stderr
