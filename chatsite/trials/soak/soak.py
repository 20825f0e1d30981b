"""A soak: people send and read while things break; afterwards every message must be stored exactly once.

One of the readers has a stream that nobody cuts: what it does not get live, it does not get.
"""

import asyncio
import re
import time
from collections.abc import Callable

from chatsite.trials.client.articles import Article, articles, revision
from chatsite.trials.client.person import BROKEN, Person
from chatsite.trials.client.proxy import Proxy
from chatsite.trials.client.site import Site
from chatsite.trials.client.threads import run_in_thread
from chatsite.trials.soak.judging import judge_delays, judge_reader, judge_stored
from chatsite.trials.soak.reader import Reader
from chatsite.trials.soak.report import Fault, Report
from chatsite.trials.soak.sender import Sender

SENDERS, READERS = 4, 3
SECONDS_TO_CATCH_UP = 30
SECONDS_TO_RECOVER = 120
ANSWERS_IN_A_ROW = 8
STALL_SECONDS = 0.1  # between two measurements
SECONDS_TO_CALM_DOWN = 1  # after a site is ready: browsers connect again, and caches fill
# A person has one notification of a message at most, as their ids are its key.
UNNOTIFIED = """
SELECT count(*) FROM messages JOIN users ON username = 'owner'
LEFT JOIN notifications ON message_id = messages.id AND notifications.user_id = users.id
WHERE messages.conversation_id = %s AND NOT is_system AND messages.user_id <> users.id AND coalesce(push, '') = ''
"""
FILE = re.compile(r'href="(/files/\d+/[^"]+)"')


class Soak:
    """People on a separate site, and what breaks meanwhile."""

    def __init__(self, site: Site, cut_after: float | None = None) -> None:
        self.site, self.cut_after, self.report = site, cut_after, Report()
        self.faults: list[Fault] = []
        self.senders: list[Sender] = []

    def run(self, seconds: float, inject: Callable[[Site], str] | None = None, every: float = 5) -> Report:
        """Let people send and read for `seconds`, calling `inject` once `every` seconds; then compare."""
        with Proxy(self.site.port, self.cut_after) as proxy:
            run_in_thread(self._run(proxy.port, seconds, inject, every))
        return self.report

    async def _run(self, port: int, seconds: float, inject: Callable[[Site], str] | None, every: float) -> None:
        names = [f"sender{number}" for number in range(SENDERS)]
        owner = await Person(self.site.port).sign_up("owner")
        people = [await Person(self.site.port).sign_up(name) for name in names]
        conversation = await owner.start("Soak", people=tuple(names))
        await owner.post(f"/c/{conversation}/notify/", {"notify": "watch"})
        start = revision((await owner.get(f"/c/{conversation}/")).body)
        ways = {f"reader {number}": port for number in range(1, READERS)} | {"reader never cut": self.site.port}
        readers = [Reader(name, Person(way, owner.cookies), conversation, start) for name, way in ways.items()]
        tasks = [asyncio.create_task(each) for each in (self.measure_stalls(), *(reader.read() for reader in readers))]
        writers = [Person(port, person.cookies) for person in people]
        self.senders = [Sender(str(n), each, conversation, self.report) for n, each in enumerate(writers)]
        await asyncio.gather(*(sender.send() for sender in self.senders), self.inject_faults(seconds, inject, every))
        end = time.monotonic()
        stored = await self.read_all(owner, conversation, start)
        while any(reader.cursor < stored[-1].revision for reader in readers):
            if time.monotonic() > end + SECONDS_TO_CATCH_UP:
                break
            await asyncio.sleep(0.1)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self.judge(owner, stored, readers)
        await owner.send(conversation, "The end")  # which makes the processes look for deliveries
        self.report.unnotified = await asyncio.to_thread(self.count_unnotified, conversation)
        for person in (owner, *people):
            person.hang_up()
        await asyncio.sleep(0.1)  # until connections are really closed

    async def inject_faults(self, seconds: float, inject: Callable[[Site], str] | None, every: float) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            await asyncio.sleep(min(every, seconds) / 2)
            if inject:
                began = time.monotonic()
                name = await asyncio.to_thread(inject, self.site)
                await self.until_ready()
                self.report.faults[name] += 1
                self.report.downtime[name].append(time.monotonic() - began)
                self.faults.append(Fault(name, began, time.monotonic() + SECONDS_TO_CALM_DOWN))
            await asyncio.sleep(min(every, seconds) / 2)
        for sender in self.senders:
            sender.is_over = True

    async def measure_stalls(self) -> None:
        """Measure how much later than it should this process runs, without excusing anything by it."""
        while True:
            began = time.monotonic()
            await asyncio.sleep(STALL_SECONDS)
            self.report.stalled = max(self.report.stalled, time.monotonic() - began - STALL_SECONDS)

    async def until_ready(self) -> None:
        """Wait until the site is ready, as often in a row as makes it likely that each worker has answered."""
        deadline, in_a_row = time.monotonic() + SECONDS_TO_RECOVER, 0
        while in_a_row < ANSWERS_IN_A_ROW:
            assert time.monotonic() < deadline, "the site does not come back by itself"
            is_ready = (await asyncio.to_thread(self.site.get, "/readyz"))[0] == 200
            in_a_row = in_a_row + 1 if is_ready else 0
            await asyncio.sleep(0 if is_ready else 0.1)

    async def read_all(self, owner: Person, conversation: int, cursor: int) -> list[Article]:
        """Read all messages from the site, in the order of their revisions."""
        found: list[Article] = []
        while True:
            page = (await owner.get(f"/c/{conversation}/changes/?after={cursor}")).body
            found += articles(page)
            cursor = revision(page)
            if "data-more" not in page:
                return found

    async def judge(self, owner: Person, stored: list[Article], readers: list[Reader]) -> None:
        judge_stored(self.report, stored, self.senders)
        for reader in readers:
            judge_reader(self.report, stored, reader)
            judge_delays(self.report, self.senders, reader, self.faults)
        there = {article.id: article for article in stored if not article.is_deleted}
        for sender in self.senders:
            for message in sender.files.keys() & there.keys():
                self.report.lost += not await self.has_file(owner, there[message], sender.files[message])

    def count_unnotified(self, conversation: int) -> int:
        """Count the messages without a decided notification of the owner, once killed processes hold no leases."""
        deadline = time.monotonic() + SECONDS_TO_CATCH_UP
        with self.site.database() as database:
            database.execute("UPDATE notification_deliveries SET claimed_until = NULL")
            while True:
                [count] = database.execute(UNNOTIFIED, [conversation]).fetchone() or [0]
                if not count or time.monotonic() > deadline:
                    return count
                time.sleep(0.1)

    async def has_file(self, owner: Person, article: Article, content: str) -> bool:
        """Tell whether the file of a message is there, byte by byte."""
        address = FILE.search(article.inside)
        if address is None:
            return False
        try:
            return (await owner.get(address[1])).body == content
        except BROKEN:
            return False
