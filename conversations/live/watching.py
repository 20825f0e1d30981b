"""Watch whether clients receive what they are sent, as the server holds it for them without a limit of its own."""

import asyncio
import time
from dataclasses import dataclass

from conversations.live.connections import Progress, end_connection, read_progress
from conversations.live.stream import Stream

WATCH_SECONDS = 2
MAX_STALLED_SECONDS = 30


@dataclass
class Seen:
    """What was known about a client at the last check."""

    progress: Progress
    given: int
    moved_at: float


class Watch:
    """The streams whose clients may not have taken everything yet, including streams that have ended."""

    def __init__(self) -> None:
        self.streams: dict[Stream, Seen | None] = {}
        self.ending: set[asyncio.Task] = set()

    def begin(self, stream: Stream) -> None:
        """Watch a stream until its client has taken everything, also after its end.

        What a client of HTTP/2 has taken of one of its streams can't be observed.
        """
        if not stream.is_shared:
            self.streams[stream] = None

    def leave(self, stream: Stream) -> None:
        """Stop sending to a client; go on watching it if it has not taken everything yet."""
        stream.stop()
        if stream.is_shared and stream.is_too_slow:
            self.ending.add(task := asyncio.create_task(asyncio.to_thread(end_connection, stream.client)))
            task.add_done_callback(self.ending.discard)
        if stream.is_shared or not stream.untaken:
            self.drop(stream)

    def is_measured(self, stream: Stream) -> bool:
        """Return whether it is known how much the client of a stream takes."""
        return self.streams.get(stream) is not None

    async def check(self) -> None:
        """Check the progress of the clients, and end the connections of those that have received nothing for long."""
        await asyncio.sleep(WATCH_SECONDS)
        waiting = {stream: stream.given for stream in self.streams if stream.untaken}
        if not waiting:
            return
        known = {stream.client: self.descriptor_of(stream) for stream in waiting}
        found = await asyncio.to_thread(read_progress, known)
        now = time.monotonic()
        for stream, given in waiting.items():
            if progress := found.get(stream.client):
                self.record(stream, progress, given, now)
            elif stream.has_ended:
                self.drop(stream)

    def record(self, stream: Stream, progress: Progress, given: int, now: float) -> None:
        """Compare the progress with the last check; bytes given since then may not have reached the kernel yet."""
        last = self.streams.get(stream)
        if last is None:
            self.streams[stream] = Seen(progress, given, now)
            return
        moved = progress.acknowledged - last.progress.acknowledged
        stream.take(last.given if not progress.pending else min(last.given, stream.taken + moved))
        if moved or not progress.pending:
            last.moved_at = now
        last.progress, last.given = progress, given
        if now - last.moved_at > MAX_STALLED_SECONDS:
            end_connection(stream.client, progress.descriptor)
            stream.end()
            self.drop(stream)
        elif stream.has_ended and not stream.untaken:
            self.drop(stream)

    def drop(self, stream: Stream) -> None:
        self.streams.pop(stream, None)
        stream.forget()

    def descriptor_of(self, stream: Stream) -> int | None:
        seen = self.streams[stream]
        return seen.progress.descriptor if seen else None
