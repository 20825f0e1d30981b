"""One conversation that somebody has open, as a process streams it."""

import asyncio

from conversations.live.stream import Stream


class Topic:
    """The streams of one conversation, all of which know it up to `revision`.

    Who joins is told what it missed up to that revision by itself; what the others are told meanwhile waits in
    `joining`, so that each gets everything once and in order.
    """

    def __init__(self, conversation: int, revision: int) -> None:
        self.conversation, self.revision = conversation, revision
        self.streams: set[Stream] = set()
        self.joining: dict[Stream, list[tuple[int, dict[str, bytes]]]] = {}
        self.stirred, self.advanced = asyncio.Event(), asyncio.Event()

    @property
    def is_empty(self) -> bool:
        return not self.streams and not self.joining

    def time_zones(self) -> set[str]:
        return {stream.time_zone for stream in (*self.streams, *self.joining)}

    def tell(self, revision: int, frames: dict[str, bytes]) -> None:
        """Bring all streams up to `revision` with an event, given for each time zone."""
        self.revision = revision
        for stream in self.streams:
            stream.tell(self.conversation, self.revision, frames[stream.time_zone])
        for backlog in self.joining.values():
            backlog.append((self.revision, frames))
        self.advanced.set()
        self.advanced.clear()

    def admit(self, stream: Stream) -> None:
        """Tell a stream what has come while it was joining; from now on it is one of all."""
        for revision, frames in self.joining.pop(stream):
            stream.tell(self.conversation, revision, frames[stream.time_zone])
        self.streams.add(stream)

    def drop(self, stream: Stream) -> None:
        self.streams.discard(stream)
        self.joining.pop(stream, None)
