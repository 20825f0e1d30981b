"""Fan-out: many streams of one conversation, and how soon each of them has what is posted."""

import asyncio
import time
from dataclasses import dataclass, field
from functools import partial

from chatsite.trials.client.person import Person

MARK = b"<p>post "  # as no line of an inbox has it; each message says `post <number> at <nanoseconds>`
SECONDS_TO_ARRIVE = 60


class Reader(asyncio.Protocol):
    """A stream that only notes which posts came when: what it costs to read must not be what is measured."""

    def __init__(self, request: bytes, crowd: "Crowd") -> None:
        self.request, self.crowd, self.rest = request, crowd, b""
        self.numbers: list[int] = []
        self.is_told = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self.transport = transport
        transport.write(self.request)

    def data_received(self, data: bytes) -> None:
        now = time.monotonic_ns()
        self.is_told |= b"event: inbox" in data  # which is the last that a stream is told at its beginning
        *found, last = (self.rest + data).split(MARK)
        for words in found[1:]:
            self.note(words, now)
        if b"</p>" in last and found:
            self.note(last, now)
            last = b""
        self.rest = MARK + last if found and last else last[-len(MARK) :]

    def note(self, words: bytes, now: int) -> None:
        number, _, sent_at = words[: words.index(b"<")].split()
        self.numbers.append(int(number))
        self.crowd.arrived(int(number), now - int(sent_at))


@dataclass
class Crowd:
    """All readers of a conversation, and how long each post took to each of them, in nanoseconds."""

    conversation: int
    readers: list[Reader] = field(default_factory=list)
    waits: dict[int, list[int]] = field(default_factory=dict)
    deliveries: int = 0

    async def gather(self, size: int, people: list[Person]) -> None:
        """Open `size` streams for `people` in turn, and wait until each is told where it is."""
        loop = asyncio.get_running_loop()
        for number in range(size):
            person = people[number % len(people)]
            request = person.head("GET", f"/events/?conversation={self.conversation}")
            _, reader = await loop.create_connection(partial(Reader, request, self), "127.0.0.1", person.port)
            self.readers.append(reader)
        while not all(reader.is_told for reader in self.readers):
            await asyncio.sleep(0.1)

    def close(self) -> None:
        for reader in self.readers:
            reader.transport.close()

    def arrived(self, number: int, wait: int) -> None:
        self.deliveries += 1
        self.waits.setdefault(number, []).append(wait)

    async def post(self, number: int, poster: Person) -> None:
        words = f"post {number} at {time.monotonic_ns()}"
        assert await poster.send(self.conversation, words), "the site did not take a post"

    async def complete(self, posts: int) -> None:
        """Wait until every reader has every post."""
        deadline = time.monotonic() + SECONDS_TO_ARRIVE
        while self.deliveries < posts * len(self.readers) and time.monotonic() < deadline:
            await asyncio.sleep(0.01)

    def faults(self, posts: int) -> int:
        """Count the readers that did not see each post exactly once."""
        return sum(sorted(reader.numbers) != list(range(posts)) for reader in self.readers)
