"""Helpers for tests of live delivery: people on a running site, and their open streams."""

import asyncio
import time
from contextlib import aclosing
from functools import wraps

import psycopg

from chatsite.postgres.cluster import connection
from chatsite.trials.client.articles import revision
from chatsite.trials.client.person import Person
from chatsite.trials.client.threads import run_in_thread


def on_a_site(test):
    """Run a coroutine on a shared site with Ana and Ben, who are both members of `town`, an open conversation."""

    @wraps(test)
    def run(shared_site):
        run_in_thread(meet(test, shared_site))

    del run.__wrapped__  # else pytest takes its arguments for fixtures
    return run


def on_its_own_site(test):
    """Run a coroutine in the same way on a site of its own, which it may stop or damage."""

    @wraps(test)
    def run(site):
        run_in_thread(meet(test, site.start()))
        site.stop()

    del run.__wrapped__
    return run


async def meet(test, site):
    ana, ben = [await Person(site.port).sign_up(name) for name in ("ana", "ben")]
    town = await ana.start("Town hall", people=("ben",))
    try:
        async with asyncio.timeout(300):
            await test(site, ana, ben, town)
    finally:
        for person in (ana, ben):
            person.hang_up()
        await asyncio.sleep(0.1)


class Listener:
    """A stream that is read in the background."""

    def __init__(self, person, conversation, after, last=""):
        self.events, self.person = [], person
        self.task = asyncio.create_task(self.listen(conversation, after, last))

    async def listen(self, conversation, after, last):
        async with aclosing(self.person.listen(conversation, after, last)) as events:
            async for event in events:
                self.events.append(event)

    async def until(self, condition, seconds=60):
        deadline = time.monotonic() + seconds
        while not condition(self):
            assert time.monotonic() < deadline, [event.name for event in self.events]
            await asyncio.sleep(0.02)

    @property
    def words(self):
        return [each.words for event in self.events for each in event.articles]

    def heard(self, name):
        return [event.data for event in self.events if event.name == name]

    async def close(self):
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)


async def now(person, conversation):
    return revision((await person.get(f"/c/{conversation}/")).body)


def ask(site, sql, **values):
    with psycopg.connect(**connection(site.folder / "postgres"), autocommit=True) as database:
        return database.execute(sql, values or None)
