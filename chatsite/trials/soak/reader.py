"""A person who reads along on event streams, each of which continues where the last one ended."""

import asyncio
import time
from dataclasses import dataclass, field

from chatsite.trials.client.articles import revision
from chatsite.trials.client.person import BROKEN, Person


@dataclass
class Reader:
    """What a person has seen of a conversation, and when."""

    name: str
    person: Person
    conversation: int
    cursor: int
    seen: list[tuple[int, int]] = field(default_factory=list)  # (revision, id), in the order of their arrival
    seen_at: dict[int, float] = field(default_factory=dict)  # by id, the first time

    async def read(self) -> None:
        last = ""
        while True:
            try:
                async for event in self.person.listen(self.conversation, self.cursor, last):
                    last = event.id or last
                    if event.name == "messages":
                        for article in event.articles:
                            self.seen.append((article.revision, article.id))
                            self.seen_at.setdefault(article.id, time.monotonic())
                        self.cursor = revision(event.data)
            except BROKEN:
                pass
            await asyncio.sleep(0.1)
