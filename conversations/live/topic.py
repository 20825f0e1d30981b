"""The change feed of one open conversation in one process."""

import asyncio

from conversations.live import rendering
from conversations.live.frames import frame, with_cursors
from conversations.live.stream import MAX_PERSON_BYTES, Stream
from conversations.live.subscription import Perspective
from conversations.live.threads import DatabaseThreads
from conversations.live.watching import Watch
from conversations.models import Conversation
from conversations.models.timeline.changes import CHANGES_PAGE, CursorTooOld

CATCH_UP_TIMEOUT_SECONDS = 2
MAX_CATCH_UP_QUEUED_BYTES = 500_000  # a stream that catches up pauses at more, until its browser has received some
DRAIN_POLL_SECONDS = 0.05


class Topic:
    """The streams of one conversation, all of which have its changes up to `revision`.

    A stream that joins first catches up to that revision on its own. Changes broadcast meanwhile wait for it in
    `joining`, so that each stream gets every change once and in order.
    """

    def __init__(self, conversation: int, revision: int, database: DatabaseThreads, watch: Watch) -> None:
        self.conversation, self.revision, self.database, self.watch = conversation, revision, database, watch
        self.streams: set[Stream] = set()
        self.joining: dict[Stream, list[tuple[int, dict[Perspective, bytes]]]] = {}
        self.changed, self.advanced = asyncio.Event(), asyncio.Event()
        self.changed.set()  # there may be changes since that revision was read

    def __contains__(self, stream: Stream) -> bool:
        return stream in self.streams or stream in self.joining

    @property
    def all_streams(self) -> list[Stream]:
        return [*self.streams, *self.joining]

    def perspectives(self) -> set[Perspective]:
        return {stream.perspective(self.conversation) for stream in self.all_streams}

    def notify(self, revision: int) -> None:
        """Record that the conversation has reached `revision`."""
        if revision > self.revision:
            self.changed.set()

    async def pump(self) -> None:
        """Wait for a change of the conversation, then send it to all streams."""
        await self.changed.wait()
        self.changed.clear()
        try:
            await self.broadcast_changes()
        except CursorTooOld as error:
            self.broadcast(error.revision, dict.fromkeys(self.perspectives(), self.reload()))
        except Conversation.DoesNotExist:
            for stream in self.all_streams:
                stream.drop(self.conversation, "gone")
        except BaseException:
            self.changed.set()
            raise

    async def broadcast_changes(self) -> None:
        is_complete = False
        while not is_complete:
            changes, frames = await self.database.run(
                rendering.read_changes, self.conversation, self.revision, self.perspectives()
            )
            is_complete = changes.is_complete
            if changes.revision > self.revision:
                while missing := self.perspectives() - frames.keys():  # of streams that joined meanwhile
                    frames |= await self.database.run(rendering.render_changes, changes, missing)
                self.broadcast(changes.revision, frames)

    def broadcast(self, revision: int, frames: dict[Perspective, bytes]) -> None:
        """Bring all streams up to `revision` with an event for each perspective."""
        self.revision = revision
        for stream in self.streams:
            stream.send_change(self.conversation, self.revision, frames[stream.perspective(self.conversation)])
        for backlog in self.joining.values():
            backlog.append((self.revision, frames))
        self.advanced.set()
        self.advanced.clear()

    async def join(self, stream: Stream, cursor: int) -> None:
        """Send a stream all changes since `cursor`, then add it to those that get each broadcast.

        It may be dropped at any time meanwhile, for example when its person loses access; then it gets nothing more.
        """
        self.joining[stream] = []
        while self.revision < cursor and stream in self.joining:
            self.changed.set()
            async with asyncio.timeout(CATCH_UP_TIMEOUT_SECONDS):
                await self.advanced.wait()
        if stream in self.joining:
            self.joining[stream].clear()  # what was broadcast meanwhile is included
            await self.catch_up(stream, cursor, self.revision)
        for revision, frames in self.joining.pop(stream, ()):
            stream.send_change(self.conversation, revision, frames[stream.perspective(self.conversation)])
        if self.conversation in stream.cursors:
            self.streams.add(stream)

    async def catch_up(self, stream: Stream, cursor: int, until: int) -> None:
        """Send a stream the changes from `cursor` to `until` page by page; people take turns for each page."""
        size, perspective = CHANGES_PAGE, stream.perspective(self.conversation)
        try:
            while cursor < until and stream in self.joining and not stream.has_ended:
                async with self.database.catching_up.of(stream.visit.user_id):
                    changes, frames = await self.database.run(
                        rendering.read_changes, self.conversation, cursor, [perspective], until, size
                    )
                cursor = changes.revision
                # Large messages make small pages: do not read a hundred messages each time to send two.
                size = min(CHANGES_PAGE, 2 * len(changes.messages) + 1)
                stream.send_change(self.conversation, cursor, frames[perspective])
                while self.must_wait(stream):
                    await asyncio.sleep(DRAIN_POLL_SECONDS)
        except CursorTooOld:
            stream.send_change(self.conversation, until, self.reload())

    def must_wait(self, stream: Stream) -> bool:
        """Return whether the client has to receive what it was sent before it gets more of the past."""
        is_behind = stream.size > MAX_CATCH_UP_QUEUED_BYTES
        if self.watch.is_measured(stream):
            is_behind = is_behind or stream.held.bytes > MAX_PERSON_BYTES // 2
        return is_behind and not stream.has_ended

    async def broadcast_typing(self, typing: set[int]) -> None:
        """Send who is typing to the other members who have the conversation open, and to nobody else."""
        readers = {stream.visit.user_id for stream in self.streams}
        events, members = await self.database.run(rendering.render_typing, self.conversation, typing, readers)
        for stream in self.streams:
            for user, event in events.items():
                if stream.visit.user_id in members - {user} and self.conversation in stream.cursors:
                    stream.push(with_cursors(event, stream.cursors))

    def drop(self, stream: Stream) -> None:
        self.streams.discard(stream)
        self.joining.pop(stream, None)

    def reload(self) -> bytes:
        return frame("reload", str(self.conversation))
