"""What one person may use of a process."""

import asyncio
import io
from ipaddress import ip_network
from types import SimpleNamespace

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.core.wsgi import get_wsgi_application

from accounts.middleware import PERSON
from chatsite.middleware import REFUSAL
from chatsite.server import serving, sharing
from chatsite.server.environ import environ
from chatsite.server.serving import Server
from chatsite.server.sharing import Sessions, Shares, TooManyWaiting, WorkerSeconds
from chatsite.server.unfinished import RefusedBody
from chatsite.trials.client.threads import run_in_thread


class Lines(list):
    """Header lines, as granian gives them."""

    def items(self):
        return self


def request(session="", client="192.0.2.7:50", forwarded="", lines=()):
    """Build the environment of a request as our server does."""
    lines = [*lines, *([("cookie", f"theme=dark; sessionid={session}")] if session else [])]
    lines += [("x-forwarded-for", forwarded)] if forwarded else []
    ours = {"server": "127.0.0.1:80", "method": "GET", "scheme": "http", "query_string": "", "path": "/"}
    scope = SimpleNamespace(**ours, client=client, headers=Lines(lines), authority=None, http_version="1.1")
    return environ(scope, None)


def test_people_are_known_by_their_session_and_strangers_by_address():
    sessions = Sessions()
    assert sessions.sender(request("abc")) == "192.0.2.7", "a forged session is nobody's"
    sessions.learn(request("abc"), 5)
    assert sessions.sender(request("abc", client="192.0.2.99:1")) == 5
    assert sessions.sender(request("abd")) == "192.0.2.7"
    assert sessions.sender(request(client="[2001:db8:1:2:3::4]:50")) == "2001:db8:1:2::/64"
    assert sessions.sender(request(client="[2001:db8:1:2:ffff::9]:50")) == "2001:db8:1:2::/64"


@pytest.mark.parametrize(
    "lines",
    [
        [("cookie", "two words; sessionid=abc")],
        [("cookie", '@=1; quote="; sessionid=abc')],
        [("cookie", "theme=dark"), ("cookie", "sessionid=abc")],
        [("cookie", "sessionid=abc"), ("cookie", "theme=dark")],
        [("cookie", "sessionid=other; sessionid=abc")],
    ],
)
def test_a_session_counts_for_its_person_however_its_cookie_is_sent(lines):
    sessions = Sessions()
    sessions.learn(request("abc"), 5)
    found = request(lines=lines)
    assert WSGIRequest(found | {"wsgi.input": io.BytesIO()}).COOKIES["sessionid"] == "abc", "as Django reads it"
    assert sessions.sender(found) == 5


def test_addresses_are_those_that_our_proxies_report(settings):
    settings.PROXIES = 1
    sessions = Sessions()
    assert sessions.sender(request(client="127.0.0.1:50", forwarded="198.51.100.1, 203.0.113.5")) == "203.0.113.5"
    forged = [("x-forwarded-for", "198.51.100.1")]
    assert sessions.sender(request(lines=forged, forwarded="203.0.113.5")) == "203.0.113.5", "proxies may add a line"


def test_strangers_in_a_trusted_network_do_not_count_together(settings):
    settings.TRUSTED_NETWORKS = [ip_network("192.0.2.0/24")]
    sessions = Sessions()
    assert sessions.sender(request()) != sessions.sender(request()), "an office behind one address"
    sessions.learn(request("abc"), 5)
    assert sessions.sender(request("abc")) == 5


@pytest.mark.parametrize("word", ["unknown", "203.0.113.5:41000", "fe80::1%eth0", "[2001:db8::1]", "\u00b2"])
def test_odd_words_of_a_proxy_are_no_error(settings, word):
    settings.PROXIES = 1
    assert Sessions().sender(request(forwarded=word))


def test_only_the_newest_sessions_are_stored(monkeypatch):
    monkeypatch.setattr(sharing, "MAX_SESSIONS", 2)
    sessions = Sessions()
    for person, name in enumerate("abc"):
        sessions.learn(request(name), person)
    assert list(sessions.people) == ["b", "c"]


def test_one_person_gets_some_threads_and_others_the_rest():
    async def run():
        shares, running, most = Shares(2), {1: 0, 2: 0}, {1: 0, 2: 0}

        async def use(person):
            async with shares.turn(person):
                running[person] += 1
                most[person] = max(most[person], running[person])
                await asyncio.sleep(0)
                running[person] -= 1

        await asyncio.gather(*(use(1) for _ in range(10)), use(2))
        assert most == {1: 2, 2: 1}
        assert (shares.semaphores, shares.waiting) == ({}, {}), "nothing is left behind"

    run_in_thread(run())


def test_too_many_waiting_requests_of_one_person_are_refused_at_once(monkeypatch):
    monkeypatch.setattr(sharing, "MAX_WAITING", 2)

    async def run():
        shares = Shares(1)
        async with shares.turn(1):
            waiting = asyncio.create_task(enter(shares, 1))
            await asyncio.sleep(0)
            with pytest.raises(TooManyWaiting):
                await enter(shares, 1)
            await enter(shares, 2)
        await waiting

    async def enter(shares, person):
        async with shares.turn(person):
            pass

    run_in_thread(run())


def test_worker_seconds_are_a_bucket_that_fills_again(monkeypatch):
    now = SimpleNamespace(monotonic=lambda: moment[0])
    moment = [1000.0]
    monkeypatch.setattr(sharing, "time", now)
    seconds = WorkerSeconds()
    for _ in range(int(sharing.BURST_SECONDS)):
        assert seconds.to_wait(1) == 0
        seconds.spend(1, 1)
    assert seconds.to_wait(1) == 0
    seconds.spend(1, 3)
    assert seconds.to_wait(1) == 3 / sharing.SECONDS_PER_SECOND
    assert seconds.to_wait(2) == 0
    moment[0] += 3 / sharing.SECONDS_PER_SECOND
    assert seconds.to_wait(1) == 0


@pytest.fixture
def server(settings):
    """Make a server whose pages tell their status, and whether they were refused."""
    settings.LIMITS = True

    def pages(environ, start):
        environ[PERSON] = 5
        found.append(environ.get(REFUSAL))
        start(environ.get("status", "200 OK"), [])
        return Pages([b""])

    found = []
    server = Server(pages)
    found.clear()
    server.refusals = found
    return server


class Pages(list):
    def close(self):
        pass


@pytest.mark.parametrize(
    ("kind", "status", "is_counted"),
    [
        ("pages", "200 OK", True),
        ("pages", "404 Not Found", True),
        ("static", "200 OK", False),
        ("static", "404 Not Found", True),
        ("files", "200 OK", False),
        ("files", "404 Not Found", True),
        ("uploads", "422 Unprocessable Content", True),
    ],
)
def test_every_page_counts_whatever_threads_it_comes_from(server, kind, status, is_counted):
    run_in_thread(server.answer(request("abc") | {"status": status}, getattr(server.threads, kind)))
    assert (5 in server.seconds.full_at) == is_counted


def test_large_bodies_are_asked_about_within_the_share_of_their_sender(server, monkeypatch):
    running, most = [], []

    async def slowly(threads, function, environ):
        running.append(function)
        most.append(len(running))
        await asyncio.sleep(0)
        running.pop()

    monkeypatch.setattr(serving, "in_thread", slowly)

    async def run():
        await asyncio.gather(*(server.admit(request("abc")) for _ in range(10)))

    run_in_thread(run())
    assert max(most) == server.threads.pages.shares.most
    server.seconds.spend("192.0.2.7", 1000)
    with pytest.raises(RefusedBody) as refused:
        run_in_thread(server.admit(request("abc")))
    assert refused.value.args[0] == 429
    assert refused.value.args[2], "it says when to try again"


@pytest.mark.django_db
def test_too_many_waiting_requests_get_all_our_headers():
    status, headers, _ = Server(get_wsgi_application()).overloaded
    assert status == 429
    assert {name for name, _ in headers} >= {"retry-after", "content-security-policy", "x-content-type-options"}


def test_after_much_work_for_one_person_their_requests_are_answered_one_after_the_other():
    async def run():
        seconds, shares, running, most = WorkerSeconds(), Shares(2), {1: 0, 2: 0}, {1: 0, 2: 0}
        seconds.spend(1, sharing.ALONE_SECONDS + 1)
        seconds.spend(2, sharing.ALONE_SECONDS - 1)

        async def use(person):
            async with seconds.turn(person, shares.turn(person)):
                running[person] += 1
                most[person] = max(most[person], running[person])
                await asyncio.sleep(0)
                running[person] -= 1

        await asyncio.gather(*(use(person) for person in (1, 2) for _ in range(10)))
        assert most == {1: 1, 2: 2}
        assert (seconds.alone.semaphores, shares.semaphores) == ({}, {}), "nothing is left behind"

    run_in_thread(run())
