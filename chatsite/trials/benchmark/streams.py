"""Fan-out: many streams of one conversation, and how soon each of them gets each post."""

import asyncio
import time
from dataclasses import dataclass, field
from functools import partial

from chatsite.trials.client.person import Person

MARK = b"<p>post "  # does not occur in an inbox; each message says `post <number> at <nanoseconds>`
SECONDS_TO_ARRIVE = 60


class Reader(asyncio.Protocol):
    """A stream that only records which posts arrived when: reading must cost little, as it is not to be measured."""

    def __init__(self, request: bytes, crowd: "Crowd") -> None:
        self.request, self.crowd, self.rest = request, crowd, b""
        self.numbers: list[int] = []
        self.is_ready = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self.transport = transport
        transport.write(self.request)

    def data_received(self, data: bytes) -> None:
        now = time.monotonic_ns()
        self.is_ready |= b"event: inbox" in data  # the last event that a stream sends at its beginning
        *found, last = (self.rest + data).split(MARK)
        for words in found[1:]:
            self.record(words, now)
        if b"</p>" in last and found:
            self.record(last, now)
            last = b""
        self.rest = MARK + last if found and last else last[-len(MARK) :]

    def record(self, words: bytes, now: int) -> None:
        number, _, sent_at = words[: words.index(b"<")].split()
        self.numbers.append(int(number))
        self.crowd.arrived(int(number), now - int(sent_at))


@dataclass
class Crowd:
    """All readers of a conversation, and how long each post took to reach each of them, in nanoseconds."""

    conversation: int
    readers: list[Reader] = field(default_factory=list)
    waits: dict[int, list[int]] = field(default_factory=dict)
    deliveries: int = 0

    async def gather(self, size: int, people: list[Person]) -> None:
        """Open `size` streams for `people` in turn, and wait until each is ready."""
        loop = asyncio.get_running_loop()
        for number in range(size):
            person = people[number % len(people)]
            request = person.head("GET", f"/events/?conversation={self.conversation}")
            _, reader = await loop.create_connection(partial(Reader, request, self), "127.0.0.1", person.port)
            self.readers.append(reader)
        while not all(reader.is_ready for reader in self.readers):
            await asyncio.sleep(0.1)

    def close(self) -> None:
        for reader in self.readers:
            reader.transport.close()

    def arrived(self, number: int, wait: int) -> None:
        self.deliveries += 1
        self.waits.setdefault(number, []).append(wait)

    async def post(self, number: int, poster: Person) -> None:
        words = f"post {number} at {time.monotonic_ns()}"
        assert await poster.send(self.conversation, words), "the site did not accept a post"

    async def complete(self, posts: int) -> None:
        """Wait until every reader has every post."""
        deadline = time.monotonic() + SECONDS_TO_ARRIVE
        while self.deliveries < posts * len(self.readers) and time.monotonic() < deadline:
            await asyncio.sleep(0.01)

    def faults(self, posts: int) -> int:
        """Count the readers that did not see each post exactly once."""
        return sum(sorted(reader.numbers) != list(range(posts)) for reader in self.readers)
