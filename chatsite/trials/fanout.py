"""Fan-out: many streams of one conversation, and how soon each of them has what is posted."""

import asyncio
import time
from dataclasses import dataclass, field

from chatsite.trials.person import Person

MARK = b"<p>post "  # as no line of an inbox has it; each message says `post <number> at <nanoseconds>`
SECONDS_TO_ARRIVE = 60


class Reader(asyncio.Protocol):
    """A stream that only notes which posts came when: what it costs to read must not be what is measured."""

    def __init__(self, request: bytes, crowd: "Crowd") -> None:
        self.request, self.crowd, self.numbers, self.rest = request, crowd, [], b""
        self.is_told = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
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
    """All readers, and when each post had reached the last of them."""

    person: Person
    conversation: int
    readers: list[Reader] = field(default_factory=list)
    waits: dict[int, list[int]] = field(default_factory=dict)
    deliveries: int = 0

    async def gather(self, size: int) -> None:
        """Open streams until there are `size`."""
        request = self.person.head("GET", f"/events/?conversation={self.conversation}")
        while len(self.readers) < size:
            loop = asyncio.get_running_loop()
            opened = [
                loop.create_connection(lambda: Reader(request, self), "127.0.0.1", self.person.port) for _ in range(50)
            ]
            self.readers += [reader for _, reader in await asyncio.gather(*opened)]
        while not all(reader.is_told for reader in self.readers):
            await asyncio.sleep(0.1)

    def arrived(self, number: int, wait: int) -> None:
        self.deliveries += 1
        self.waits.setdefault(number, []).append(wait)

    async def post(self, number: int, poster: Person) -> None:
        await poster.send(self.conversation, f"post {number} at {time.monotonic_ns()}")

    async def complete(self, posts: int) -> None:
        """Wait until every reader has every post."""
        deadline = time.monotonic() + SECONDS_TO_ARRIVE
        while self.deliveries < posts * len(self.readers) and time.monotonic() < deadline:
            await asyncio.sleep(0.01)

    def faults(self, posts: int) -> int:
        """Count the readers that did not see each post exactly once."""
        return sum(sorted(reader.numbers) != list(range(posts)) for reader in self.readers)
