"""Error pages: what happened, what to do, and a link to continue."""

import os
import re
import signal
from contextlib import suppress

import pytest
import requests
from django.db import connection
from django.test import Client

from accounts.models import LimitReached
from accounts.models.limits import RATES, take

HEADERS = {
    *("Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "Permissions-Policy"),
    *("Cross-Origin-Resource-Policy", "Cross-Origin-Opener-Policy"),
}
BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
SCRIPT = BROWSER | {"X-Requested-With": "fetch"}
LARGE = b"x" * 3_000_000


def heading(answer):
    """Return the heading of an error page, after checking its link and its headers."""
    assert answer.headers.keys() >= HEADERS
    page = answer.content.decode()
    assert re.search(r'<a class="button" href="/', page)
    return re.search("<h1>(.*)</h1>", page)[1]


@pytest.fixture
def broken(world):
    """A signed-in client on a site where every post fails with a server error."""
    client = Client(raise_request_exception=False)
    client.force_login(world.ana)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE messages RENAME COLUMN content TO lost")
    return client


def send(client, world, **headers):
    form = {"content": "my <words>", "client_key": "6c5b5f6e-0000-4000-8000-000000000001"}
    return client.post(f"/c/{world.town.pk}/messages/", form, headers=headers)


def test_error_pages_explain_what_happened(world, as_):
    client = as_(world.ana)
    assert heading(client.get("/no/such/page/", headers=BROWSER)) == "Page not found"
    assert heading(client.get("/settings/workspace/", headers=BROWSER)) == "Not allowed"
    assert heading(client.get("/", headers=BROWSER | {"Host": "elsewhere.example.org"})) == "Bad request"
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(world.ana)
    answer = send(strict, world)
    assert heading(answer) == "This form has expired"
    assert "my &lt;words&gt;</textarea>" in answer.content.decode()


def test_the_rate_limit_page_contains_the_text(world, as_):
    with suppress(LimitReached):
        for _ in range(RATES["change"].burst + 1):
            take("change", world.ana)
    answer = as_(world.ana).post(f"/c/{world.town.pk}/preview/", {"content": "my <words>"})
    assert (answer.status_code, heading(answer)) == (429, "Too many requests")
    assert "my &lt;words&gt;</textarea>" in answer.content.decode()
    assert int(answer["Retry-After"]) > 0


def test_the_server_error_page_contains_the_text(broken, world):
    answer = send(broken, world, **BROWSER)
    assert (answer.status_code, heading(answer)) == (500, "Something went wrong")
    assert "my &lt;words&gt;</textarea>" in answer.content.decode()
    answer = send(broken, world, **SCRIPT)
    assert answer.status_code == 500
    assert answer.content.decode() == "Something went wrong on our side. Try again in a moment.\n"


@pytest.fixture
def orphaned(site):
    """A site whose database has stopped permanently, and a browser session that was signed in before."""
    site.start()
    session = requests.Session()
    session.headers.update(BROWSER)
    session.get(f"{site.url}/accounts/signup/", timeout=9)
    form = {
        "display_name": "Ana Lima",
        "username": "ana",
        "email": "ana@example.org",
        "password": "correct horse battery",
        "workspace_name": "Ours",
    }
    token = {"csrfmiddlewaretoken": session.cookies["csrftoken"]}
    assert session.post(f"{site.url}/accounts/signup/", form | token, timeout=9).status_code == 200
    with (site.folder / "postgres/data/postgresql.conf").open("a") as settings:
        settings.write("no_such_setting = 1\n")  # so that it can't be started again
    os.kill(int((site.folder / "postgres/data/postmaster.pid").read_text().split()[0]), signal.SIGINT)
    return site, session


def test_the_page_shown_without_a_database_contains_the_text(orphaned):
    site, session = orphaned
    for path in ("/", "/c/1/", "/settings/profile/"):
        answer = session.get(site.url + path, timeout=30)
        assert (answer.status_code, heading(answer)) == (503, "Temporarily unavailable")
        assert int(answer.headers["Retry-After"]) > 0
        assert f'href="{path}"' in answer.text, "the link retries the same page"
    form = {"content": "my <words>", "csrfmiddlewaretoken": session.cookies["csrftoken"]}
    answer = session.post(f"{site.url}/c/1/messages/", form, timeout=30)
    assert answer.status_code == 503
    assert "my &lt;words&gt;</textarea>" in answer.text
    style = re.search(r'href="(/static/[^"]+\.css)"', answer.text)[1]
    assert session.get(site.url + style, timeout=9).status_code == 200
    answer = session.post(f"{site.url}/c/1/messages/", form, headers=SCRIPT, timeout=30)
    assert (answer.status_code, answer.headers["Content-Type"]) == (503, "text/plain; charset=utf-8")
    assert answer.text == "The database is unavailable right now. Try again in a moment.\n"


def test_oversized_requests_get_a_page_in_browsers_and_one_line_in_scripts(shared_site):
    address = f"{shared_site.url}/accounts/login/"
    answer = requests.post(address, LARGE, headers=BROWSER, timeout=9)
    assert (answer.status_code, heading(answer)) == (413, "Too large or too slow")
    assert "your text is still there" in answer.text
    answer = requests.post(address, LARGE, headers=SCRIPT, timeout=9)
    assert (answer.status_code, answer.headers["Content-Type"]) == (413, "text/plain; charset=utf-8")
    assert answer.text == "That is more than you can send at once. Go back: your text is still there.\n"
    assert answer.headers.keys() >= HEADERS
