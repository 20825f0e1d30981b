"""A soak: people send and read while things break; afterwards every message must be stored exactly once."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from chatsite.trials.client.articles import articles, revision
from chatsite.trials.client.person import BROKEN, Person
from chatsite.trials.client.proxy import Proxy
from chatsite.trials.client.site import Site
from chatsite.trials.client.threads import run_in_thread

SENDERS, READERS = 4, 3
SECONDS_TO_CATCH_UP = 30
SECONDS_BETWEEN_SENDS = 0.01


@dataclass
class Report:
    """How many messages were sent, acknowledged and seen, and the differences."""

    sent: int = 0
    acknowledged: int = 0
    retried: int = 0
    seen: int = 0
    lost: int = 0
    doubled: int = 0
    out_of_order: int = 0
    troubles: Counter = field(default_factory=Counter)

    @property
    def is_clean(self) -> bool:
        return self.sent > 0 and not (self.lost or self.doubled or self.out_of_order)

    def __str__(self) -> str:
        numbers = ("sent", "acknowledged", "retried", "seen", "lost", "doubled", "out_of_order")
        lines = [f"{name.replace('_', ' '):13}{getattr(self, name):>9,}" for name in numbers]
        return "\n".join(lines + [f"{count} × {trouble}" for trouble, count in self.troubles.items()])


@dataclass
class Reader:
    """A person who reads along on event streams, each of which continues where the last one ended."""

    person: Person
    conversation: int
    cursor: int
    seen: list[tuple[int, str]] = field(default_factory=list)

    async def read(self) -> None:
        last = ""
        while True:
            try:
                async for event in self.person.listen(self.conversation, self.cursor, last):
                    last = event.id or last
                    if event.name == "messages":
                        self.seen += [(each.revision, each.words) for each in event.articles]
                        self.cursor = revision(event.data)
            except BROKEN:
                pass
            await asyncio.sleep(0.1)


class Soak:
    """People on a separate site, and what breaks meanwhile."""

    def __init__(self, site: Site, cut_after: float | None = None) -> None:
        self.site, self.cut_after, self.report = site, cut_after, Report()
        self.acknowledged: list[str] = []
        self.is_over = False

    def run(self, seconds: float, trouble: Callable[[Site], str] | None = None, every: float = 5) -> Report:
        """Let people send and read for `seconds`, calling `trouble` once `every` seconds; then compare."""
        with Proxy(self.site.port, self.cut_after) as proxy:
            run_in_thread(self._run(proxy.port, seconds, trouble, every))
        return self.report

    async def _run(self, port: int, seconds: float, trouble: Callable[[Site], str] | None, every: float) -> None:
        names = [f"sender{number}" for number in range(SENDERS)]
        owner = await Person(self.site.port).sign_up("owner")
        people = [await Person(self.site.port).sign_up(name) for name in names]
        conversation = await owner.start("Soak", people=tuple(names))
        start = revision((await owner.get(f"/c/{conversation}/")).body)
        readers = [Reader(Person(port, owner.cookies), conversation, start) for _ in range(READERS)]
        tasks = [asyncio.create_task(reader.read()) for reader in readers]
        senders = [self.send(Person(port, person.cookies), conversation, str(n)) for n, person in enumerate(people)]
        await asyncio.gather(*senders, self.make_trouble(seconds, trouble, every))
        stored = await self.read_all(owner, conversation, start)
        deadline = time.monotonic() + SECONDS_TO_CATCH_UP
        while any(reader.cursor < stored[-1][0] for reader in readers) and time.monotonic() < deadline:
            await asyncio.sleep(0.1)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for person in (owner, *people):
            person.hang_up()
        await asyncio.sleep(0.1)  # until connections are really closed
        self.judge(stored, readers)

    async def send(self, person: Person, conversation: int, name: str) -> None:
        """Send one message after the other, each until it is acknowledged."""
        retries: list[str] = []
        while not self.is_over:
            words = f"{name} says {self.report.sent}"
            self.report.sent += 1
            await person.send_for_sure(conversation, words, retries)
            self.acknowledged.append(words)
            await asyncio.sleep(SECONDS_BETWEEN_SENDS)
        person.hang_up()
        self.report.retried += len(retries)

    async def make_trouble(self, seconds: float, trouble: Callable[[Site], str] | None, every: float) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            await asyncio.sleep(min(every, seconds) / 2)
            if trouble:
                self.report.troubles[await asyncio.to_thread(trouble, self.site)] += 1
            await asyncio.sleep(min(every, seconds) / 2)
        self.is_over = True

    async def read_all(self, owner: Person, conversation: int, cursor: int) -> list[tuple[int, str]]:
        """Read all messages from the site: [(revision, words)]."""
        found = []
        while True:
            page = (await owner.get(f"/c/{conversation}/changes/?after={cursor}")).body
            found += [(each.revision, each.words) for each in articles(page)]
            cursor = revision(page)
            if "data-more" not in page:
                return found

    def judge(self, stored: list[tuple[int, str]], readers: list[Reader]) -> None:
        report, words = self.report, Counter(text for _, text in stored)
        report.acknowledged, report.seen = len(self.acknowledged), sum(len(reader.seen) for reader in readers)
        report.lost = sum(text not in words for text in self.acknowledged)
        report.doubled = sum(count - 1 for count in words.values())
        for reader in readers:
            seen = Counter(reader.seen)
            report.lost += sum(message not in seen for message in stored)
            report.doubled += sum(count - 1 for count in seen.values())
            report.out_of_order += reader.seen != sorted(reader.seen)
