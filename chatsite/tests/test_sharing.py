"""What one person may use of a process."""

import asyncio
from types import SimpleNamespace

import pytest

from chatsite.server import sharing
from chatsite.server.sharing import Sessions, Shares, TooManyWaiting, WorkerSeconds


def scope(session="", client="192.0.2.7:50", forwarded=""):
    headers = {"cookie": f"theme=dark; sessionid={session}"} if session else {}
    return SimpleNamespace(client=client, headers=headers | ({"x-forwarded-for": forwarded} if forwarded else {}))


def test_people_are_known_by_their_session_and_strangers_by_address():
    sessions = Sessions()
    assert sessions.sender(scope("abc")) == "192.0.2.7", "a forged session is nobody's"
    sessions.learn(scope("abc"), 5)
    assert sessions.sender(scope("abc", client="192.0.2.99:1")) == 5
    assert sessions.sender(scope("abd")) == "192.0.2.7"
    assert sessions.sender(scope(client="[2001:db8:1:2:3::4]:50")) == "2001:db8:1:2::/64"
    assert sessions.sender(scope(client="[2001:db8:1:2:ffff::9]:50")) == "2001:db8:1:2::/64"


def test_addresses_are_those_that_our_proxies_report(settings):
    settings.PROXIES = 1
    found = Sessions().sender(scope(client="127.0.0.1:50", forwarded="198.51.100.1, 203.0.113.5"))
    assert found == "203.0.113.5"


def test_only_the_newest_sessions_are_stored(monkeypatch):
    monkeypatch.setattr(sharing, "MAX_SESSIONS", 2)
    sessions = Sessions()
    for person, name in enumerate("abc"):
        sessions.learn(scope(name), person)
    assert list(sessions.people) == ["b", "c"]


def test_one_person_gets_some_threads_and_others_the_rest():
    async def run():
        shares, running, most = Shares(2), {1: 0, 2: 0}, {1: 0, 2: 0}

        async def use(person):
            async with shares.of(person):
                running[person] += 1
                most[person] = max(most[person], running[person])
                await asyncio.sleep(0)
                running[person] -= 1

        await asyncio.gather(*(use(1) for _ in range(10)), use(2))
        assert most == {1: 2, 2: 1}
        assert (shares.semaphores, shares.waiting) == ({}, {}), "nothing is left behind"

    asyncio.run(run())


def test_too_many_waiting_requests_of_one_person_are_refused_at_once(monkeypatch):
    monkeypatch.setattr(sharing, "MAX_WAITING", 2)

    async def run():
        shares = Shares(1)
        async with shares.of(1):
            waiting = asyncio.create_task(enter(shares, 1))
            await asyncio.sleep(0)
            with pytest.raises(TooManyWaiting):
                await enter(shares, 1)
            await enter(shares, 2)
        await waiting

    async def enter(shares, person):
        async with shares.of(person):
            pass

    asyncio.run(run())


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
