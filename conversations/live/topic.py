"""One conversation that somebody has open, as a process streams it."""

import asyncio

from accounts.models.locale import Locale
from conversations.live import rendering
from conversations.live.frames import frame, with_cursors
from conversations.live.stream import Stream
from conversations.live.threads import DatabaseThreads
from conversations.models import Conversation
from conversations.models.timeline.changes import CursorTooOld

PATIENCE = 2  # seconds, after which one looks again whether there is still something to wait for
SLOWLY = 500_000  # bytes that wait, past which who catches up is given time to receive them


class Topic:
    """The streams of one conversation, all of which know it up to `revision`.

    Who joins is told what it missed up to that revision by itself; what the others are told meanwhile waits in
    `joining`, so that each gets everything once and in order.
    """

    def __init__(self, conversation: int, revision: int, ask: DatabaseThreads) -> None:
        self.conversation, self.revision, self.ask = conversation, revision, ask
        self.streams: set[Stream] = set()
        self.joining: dict[Stream, list[tuple[int, dict[Locale, bytes]]]] = {}
        self.stirred, self.advanced = asyncio.Event(), asyncio.Event()
        self.stirred.set()  # there may be news since that revision was read

    def __contains__(self, stream: Stream) -> bool:
        return stream in self.streams or stream in self.joining

    @property
    def everybody(self) -> list[Stream]:
        return [*self.streams, *self.joining]

    def locales(self) -> set[Locale]:
        return {stream.locale for stream in self.everybody}

    def stir(self, revision: int) -> None:
        """Hear that the conversation has come to `revision`."""
        if revision > self.revision:
            self.stirred.set()

    async def pump(self) -> None:
        """Once the conversation has changed, tell all its streams what has."""
        await self.stirred.wait()
        self.stirred.clear()
        try:
            await self.tell_changes()
        except CursorTooOld as error:
            self.tell(error.revision, dict.fromkeys(self.locales(), self.reload()))
        except Conversation.DoesNotExist:
            for stream in self.everybody:
                stream.forget(self.conversation, "gone")
        except BaseException:
            self.stirred.set()
            raise

    async def tell_changes(self) -> None:
        is_complete = False
        while not is_complete:
            changes, frames = await self.ask(rendering.read_changes, self.conversation, self.revision, self.locales())
            is_complete = changes.is_complete
            if changes.revision > self.revision:
                while missing := self.locales() - frames.keys():  # of who has come meanwhile
                    frames |= await self.ask(rendering.render_changes, changes, missing)
                self.tell(changes.revision, frames)

    def tell(self, revision: int, frames: dict[Locale, bytes]) -> None:
        """Bring all streams up to `revision` with an event, given for each locale."""
        self.revision = revision
        for stream in self.streams:
            stream.tell(self.conversation, self.revision, frames[stream.locale])
        for backlog in self.joining.values():
            backlog.append((self.revision, frames))
        self.advanced.set()
        self.advanced.clear()

    async def bring_up(self, stream: Stream, cursor: int) -> None:
        """Tell a stream what has happened since `cursor`, while what happens now waits; then it is one of all.

        It may be dropped at any time meanwhile: who may see no more is told no more.
        """
        self.joining[stream] = []
        while self.revision < cursor and stream in self.joining:
            self.stirred.set()
            async with asyncio.timeout(PATIENCE):
                await self.advanced.wait()
        async with self.ask.one_at_a_time:
            if stream in self.joining:
                self.joining[stream].clear()
                await self.catch_up(stream, cursor, self.revision)
        for revision, frames in self.joining.pop(stream, ()):
            stream.tell(self.conversation, revision, frames[stream.locale])
        if self.conversation in stream.cursors:
            self.streams.add(stream)

    async def catch_up(self, stream: Stream, cursor: int, until: int) -> None:
        try:
            while cursor < until and stream in self.joining and not stream.is_over:
                changes, frames = await self.ask(
                    rendering.read_changes, self.conversation, cursor, [stream.locale], until
                )
                cursor = changes.revision
                stream.tell(self.conversation, cursor, frames[stream.locale])
                while stream.size > SLOWLY and not stream.is_over:
                    await asyncio.sleep(0.05)
        except CursorTooOld:
            stream.tell(self.conversation, until, self.reload())

    async def tell_typing(self, typing: set[int]) -> None:
        """Say that these people are typing to the other members who have the conversation open, and to nobody else."""
        readers = {stream.visit.user_id for stream in self.streams}
        events, members = await self.ask(rendering.render_typing, self.conversation, typing, readers)
        for stream in self.streams:
            for user, event in events.items():
                if stream.visit.user_id in members - {user} and self.conversation in stream.cursors:
                    stream.push(with_cursors(event, stream.cursors))

    def drop(self, stream: Stream) -> None:
        self.streams.discard(stream)
        self.joining.pop(stream, None)

    def reload(self) -> bytes:
        return frame("reload", str(self.conversation))
