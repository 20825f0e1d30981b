"""The log names routes and lines of code, and never what people wrote, searched for, or may be let in with."""

import io
import logging
import re
from uuid import uuid4

import psycopg
import pytest
import requests
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client
from django.urls import clear_url_caches, path

from accounts.models import Role
from accounts.tests.factories import UserFactory
from chatsite import urls
from chatsite.server.logs import Formatter
from chatsite.tests.test_crawl import links
from conversations.models import Invitation

SECRET = "zaubermarke"
PASSWORD = f"correct horse {SECRET}"


@pytest.fixture
def log():
    """What the site would have logged during the test: `log()`."""
    handler = logging.StreamHandler(io.StringIO())
    handler.setFormatter(Formatter())
    logging.getLogger().addHandler(handler)
    yield handler.stream.getvalue
    logging.getLogger().removeHandler(handler)


@pytest.fixture
def ana(db):
    return UserFactory(username="ana")


def logged(log, act):
    """Return the lines that an act adds to the log, after checking that they reveal nothing."""
    before = len(log())
    act()
    added = log()[before:]
    assert SECRET not in added
    return added.splitlines()


@pytest.mark.parametrize(
    ("address", "line"),
    [
        (f"/join/{SECRET}/", "404 Not Found: GET /join/<str:token>/"),
        (f"/jion/{SECRET}/", "404 Not Found: GET an unknown address"),
        (f"/people/{SECRET}/?q={SECRET}", "404 Not Found: GET /people/<str:username>/"),
        (f"/files/1/{SECRET}.pdf", "404 Not Found: GET /files/<int:pk>/<str:name>"),
        (f"/{SECRET}%00/", "404 Not Found: GET an unknown address"),
        ("/settings/workspace/", "403 Forbidden: GET /settings/workspace/"),
    ],
)
def test_a_refused_request_is_one_line_with_its_route(ana, as_, log, address, line):
    assert logged(log, lambda: as_(ana).get(address)) == [line]


def test_an_invitation_that_is_filled_in_wrongly_stays_secret(db, client, log):
    token = Invitation.objects.invite(UserFactory(role=Role.OWNER)).link.split("/")[2]
    lines = logged(log, lambda: client.post(f"/join/{token}/", {"username": ""}))
    assert lines
    assert all(token not in line and "/join/<str:token>/" in line for line in lines)


def test_a_form_without_its_token_is_one_line_that_says_why(ana, log):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(ana)
    key = f"/accounts/password/reset/1-{SECRET}/"
    [line] = logged(log, lambda: strict.post(key, {"password1": SECRET}))
    assert re.fullmatch(r"403 Forbidden: POST /accounts/password/reset/\S+ \(CSRF cookie not set\.\)", line)
    headers = {"Origin": "http://elsewhere.example", "Referer": f"http://elsewhere.example/{SECRET}"}
    [line] = logged(log, lambda: strict.post(key, headers=headers))
    assert "http://elsewhere.example does not match" in line


def test_a_wrong_host_is_named_as_its_operator_has_to_find_it(db, client, log):
    lines = logged(log, lambda: client.get("/", headers={"Host": "other.example.org"}))
    assert any("other.example.org" in line for line in lines)
    assert not any("Traceback" in line or "File " in line for line in lines)


def fail_with_text(request, word):
    raise ValueError(f"cannot use {SECRET}")


def fail_with_cause(request, word):
    try:
        {}[SECRET]
    except KeyError as error:
        raise RuntimeError(SECRET) from error


def fail_together(request, word):
    raise ExceptionGroup(SECRET, [ValueError(SECRET), OSError(28, "No space left on device", f"/srv/{SECRET}")])


def execute(statement, *values):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def fail_to_insert(request, word):
    execute("INSERT INTO users (username, email, display_name) VALUES (NULL, 'x@example.org', %s)", SECRET)


def fail_to_cast(request, word):
    execute("SELECT %s::text::integer", SECRET)


def fail_as_a_trigger(request, word):
    execute(f"DO $$ BEGIN RAISE EXCEPTION '{SECRET}' USING DETAIL = '{SECRET}', HINT = '{SECRET}'; END $$")


def fail_in_text_search(request, word):
    execute("SELECT to_tsquery('simple', %s)", f"{SECRET} & ( |")


FAILURES = {
    fail_with_text: "ValueError",
    fail_with_cause: "KeyError",
    fail_together: "OSError: No space left on device",
    fail_to_insert: "SQLSTATE 23502 users username",
    fail_to_cast: "SQLSTATE 22P02",
    fail_as_a_trigger: "SQLSTATE P0001",
    fail_in_text_search: "SQLSTATE 42601",
}


@pytest.mark.parametrize("view", FAILURES)
def test_an_error_is_logged_with_the_lines_of_code_and_without_values(ana, as_, log, monkeypatch, view):
    monkeypatch.setattr(urls, "urlpatterns", [path("fail/<word>/", view), *urls.urlpatterns])
    client = as_(ana)
    client.raise_request_exception = False
    clear_url_caches()
    try:
        lines = logged(log, lambda: client.post(f"/fail/{SECRET}/", {"content": SECRET}))
    finally:
        clear_url_caches()
    assert lines[0] == "500 Internal Server Error: POST /fail/<word>/"
    assert f", in {view.__name__}" in "\n".join(lines)
    assert FAILURES[view] in "\n".join(lines)


def test_errors_within_messages_are_described_without_values(log):
    def act():
        logging.getLogger("conversations").warning("a step failed: %s", ValueError(SECRET))
        traceback = f'Task failed\nTraceback:\n  File "a.py", line 3, in step\n    step()\nValueError: {SECRET}'
        logging.getLogger("asyncio").error(traceback)
        logging.getLogger("_granian").error(traceback)

    lines = logged(log, act)
    assert lines[0] == "a step failed: ValueError"
    assert lines[1:] == ["Task failed", '  File "a.py", line 3, in step'] * 2


def test_an_error_of_the_connection_is_logged_whole(log):
    with pytest.raises(psycopg.OperationalError) as away:
        psycopg.connect("host=localhost port=1 connect_timeout=1")
    lines = logged(log, lambda: logging.getLogger("x").warning("away: %s", away.value))
    assert "port 1" in lines[0]


@pytest.mark.django_db
def test_the_secret_would_have_been_found():
    with pytest.raises(DatabaseError, match=SECRET):
        fail_to_cast(None, SECRET)
    with pytest.raises(IntegrityError, match=SECRET):
        fail_to_insert(None, SECRET)


class Visitor(requests.Session):
    """A browser at a site."""

    def __init__(self, url):
        super().__init__()
        self.url = url

    def show(self, address):
        return self.get(self.url + address, allow_redirects=False, timeout=30)

    def submit(self, address, **form):
        token = self.cookies.get("csrftoken", "")
        return self.post(self.url + address, form, headers={"X-CSRFToken": token}, allow_redirects=False, timeout=30)


def crawl(visitor, most):
    """Follow links from the inbox; return the addresses."""
    seen, waiting = {}, ["/"]
    while waiting and len(seen) < most:
        address = waiting.pop(0)
        if address not in seen and "logout" not in address:
            answer = visitor.show(address)
            seen[address] = answer.status_code
            if answer.headers.get("Content-Type", "").startswith("text/html"):
                waiting += links(answer.text, address)
    return list(seen)


BREAKING = {
    "a trigger quotes the row": (
        "CREATE FUNCTION breaks() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN RAISE EXCEPTION 'no %', NEW.content USING DETAIL = NEW.content; END $$;"
        "CREATE TRIGGER breaks BEFORE INSERT ON messages FOR EACH ROW EXECUTE FUNCTION breaks()",
        "DROP FUNCTION breaks CASCADE",
    ),
    "a trigger takes a text for a number": (
        "CREATE FUNCTION breaks() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM NEW.content::int; END $$;"
        "CREATE TRIGGER breaks BEFORE INSERT ON messages FOR EACH ROW EXECUTE FUNCTION breaks()",
        "DROP FUNCTION breaks CASCADE",
    ),
    "no row is good enough": (
        "ALTER TABLE messages ADD CONSTRAINT breaks CHECK (id < 0) NOT VALID;"
        "ALTER TABLE users ADD CONSTRAINT breaks CHECK (id < 0) NOT VALID",
        "ALTER TABLE messages DROP CONSTRAINT breaks; ALTER TABLE users DROP CONSTRAINT breaks",
    ),
    "messages have lost a column": (
        "ALTER TABLE messages RENAME content TO lost",
        "ALTER TABLE messages RENAME lost TO content",
    ),
    "people are gone": ("ALTER TABLE users RENAME TO lost", "ALTER TABLE lost RENAME TO users"),
}


def use(visitor, conversation, addresses):
    """Post, search, and use addresses that hold secrets, whatever the answers are; return their status codes."""
    stranger = Visitor(visitor.url)
    stranger.show("/accounts/login/")
    token = visitor.cookies["csrftoken"]
    answers = [
        visitor.submit(f"/c/{conversation}/messages/", content=f"about {SECRET}", client_key=str(uuid4())),
        visitor.submit(f"/c/{conversation}/messages/", content=f"{SECRET} " * 200, client_key=SECRET),
        visitor.submit(f"/c/{conversation}/preview/", content=SECRET),
        visitor.submit("/search/", q=SECRET),
        visitor.show(f"/search/?q={SECRET}+from:{SECRET}"),
        visitor.submit("/c/new/", title=SECRET, topic=SECRET, kind="open"),
        visitor.submit("/settings/profile/", display_name=SECRET, time_zone=SECRET),
        stranger.submit("/accounts/login/", login=SECRET, password=PASSWORD),
        stranger.submit("/accounts/login/", login="boss", password=PASSWORD),
        stranger.submit("/accounts/signup/", username=SECRET, email=f"{SECRET}@example.org", password=PASSWORD),
        stranger.submit(f"/join/{SECRET}/", username=SECRET),
        stranger.submit(f"/join/{SECRET}", username=SECRET),
        stranger.post(f"{visitor.url}/accounts/password/reset/1-{SECRET}/", {"password1": SECRET}),
        stranger.get(f"{visitor.url}/%ff{SECRET}%00", headers={"Referer": f"{visitor.url}/join/{SECRET}/"}),
        *map(visitor.show, addresses),
    ]
    assert token
    return [answer.status_code for answer in answers]


def test_whatever_breaks_no_log_of_a_site_holds_a_secret(shared_site):
    site = shared_site
    boss = Visitor(site.url)
    boss.show("/accounts/signup/")
    form = {"display_name": "Boss", "username": "boss", "email": f"{SECRET}@example.org", "password": PASSWORD}
    assert boss.submit("/accounts/signup/", workspace_name=f"The {SECRET}s", **form).status_code == 302
    started = boss.submit("/c/new/", title=f"All about {SECRET}", kind="open")
    conversation = int(re.search(r"/c/(\d+)/", started.headers["Location"])[1])
    assert 302 in use(boss, conversation, [])
    addresses = crawl(boss, 60)
    assert f"/c/{conversation}/" in addresses
    with site.database() as database:
        for break_it, repair in BREAKING.values():
            database.execute(break_it)
            try:
                assert 500 in use(boss, conversation, addresses[:30])
            finally:
                database.execute(repair)
        database.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
        use(boss, conversation, addresses)
    assert_secret(site, [SECRET, PASSWORD, *boss.cookies.values()])


def assert_secret(site, secrets):
    logs = [site.log, *(file for file in site.folder.rglob("*log*") if file.is_file())]
    assert site.folder / "postgres" / "log" in logs
    text = "\n".join(file.read_text(errors="replace") for file in logs)
    assert "500 Internal Server Error: POST /c/<int:pk>/messages/" in text
    assert "SQLSTATE" in text
    found = [line for line in text.splitlines() if any(secret in line for secret in secrets)]
    assert not found, found[:5]
