"""The hub of a process: it hears of changes, reads each once, and gives it to every stream that wants it.

The revisions of the conversations are the truth. Announcements only make it quick; every other second the hub compares
revisions itself, and asks whether everybody who has a stream may still have it.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

from django.db import DatabaseError, connection

from conversations.live import reading
from conversations.live.frames import GOODBYE, HEARTBEAT, frame, with_cursors
from conversations.live.listening import announcements
from conversations.live.stream import Stream
from conversations.live.subscription import Subscription
from conversations.live.topic import Topic
from conversations.models import Conversation
from conversations.models.changes import CursorTooOld

log = logging.getLogger(__name__)

SWEEP_SECONDS = 2
HEARTBEAT_SECONDS = 20
INBOX_SECONDS = 0.2  # lines of inboxes are less urgent than messages: what happens meanwhile is told at once
THREADS = 2  # beside those that answer requests, so that neither waits for the other
SLOWLY = 500_000  # bytes that wait, past which who catches up is given time to receive them


class Hub:
    """All streams of one process."""

    def __init__(self) -> None:
        self.threads = ThreadPoolExecutor(THREADS, thread_name_prefix="live")
        self.people: dict[int, set[Stream]] = defaultdict(set)
        self.topics: dict[int, Topic] = {}
        self.pumps: dict[int, asyncio.Task] = {}
        self.announced: dict[int, int] = {}
        self.activity: dict[int, set[int] | None] = {}  # conversation: whose inboxes, None for all its members'
        self.is_active, self.is_urgent = asyncio.Event(), asyncio.Event()
        self.is_draining = False

    # What goes on for as long as the process lives

    async def run(self) -> None:
        await asyncio.gather(
            self.again_and_again(self.listen),
            self.again_and_again(self.sweep),
            self.again_and_again(self.tell_inboxes),
            self.again_and_again(self.beat),
        )

    async def again_and_again(self, step: Callable) -> None:
        while True:
            try:
                await step()
            except DatabaseError as error:
                log.warning("the database does not answer: %s", str(error).strip().partition("\n")[0])
                await asyncio.sleep(SWEEP_SECONDS)
            except Exception:
                log.exception("streams go on")
                await asyncio.sleep(SWEEP_SECONDS)

    async def listen(self) -> None:
        async for words in announcements():
            with suppress(ValueError):  # words of another program
                self.hear(words)

    async def beat(self) -> None:
        await asyncio.sleep(HEARTBEAT_SECONDS)
        for stream in self.streams():
            stream.push(HEARTBEAT)

    async def sweep(self) -> None:
        """Catch up with what was not announced, and end the streams of those who may not have them any more."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self.is_urgent.wait(), SWEEP_SECONDS)
        self.is_urgent.clear()
        streams = self.streams()
        pairs = {(stream.visit.user_id, conversation) for stream in streams for conversation in stream.cursors}
        visits = {stream.visit for stream in streams}
        if not streams:
            return
        revisions, alive, allowed, recent = await self.ask(reading.look_around, list(self.topics), visits, pairs)
        for stream in streams:
            if stream.visit not in alive:
                stream.end(with_cursors(frame("signed-out", ""), {}))
                continue
            for conversation in [each for each in stream.cursors if (stream.visit.user_id, each) in pairs - allowed]:
                self.refuse(stream, conversation)
        for conversation, revision in (recent | revisions).items():
            if revision > self.announced.get(conversation, 0):
                self.changed(conversation, revision)
        self.announced = recent | revisions

    async def tell_inboxes(self) -> None:
        """Send the lines of inboxes in which something has happened."""
        await self.is_active.wait()
        await asyncio.sleep(INBOX_SECONDS)
        self.is_active.clear()
        while self.activity:
            conversation, users = self.activity.popitem()
            online = self.people.keys() if users is None else users & self.people.keys()
            readers = {user: {stream.time_zone for stream in self.people[user]} for user in online}
            if readers:
                entries = await self.ask(reading.render_entries, conversation, readers)
                for (user, time_zone), event in entries.items():
                    self.push(user, time_zone, event)

    # What is heard

    def hear(self, words: list[str]) -> None:
        """Take an announcement; [] stands for some that may have been missed."""
        match words:
            case []:
                self.is_urgent.set()
            case ["conversation", conversation, revision]:
                self.changed(int(conversation), int(revision))
            case ["joined" | "read", conversation, user]:
                self.stir_inboxes(int(conversation), {int(user)})
            case ["left", conversation, user]:
                self.is_urgent.set()
                for stream in self.people.get(int(user), ()):
                    stream.push(with_cursors(frame("left", conversation), stream.cursors))

    def changed(self, conversation: int, revision: int) -> None:
        self.announced[conversation] = max(revision, self.announced.get(conversation, 0))
        if (topic := self.topics.get(conversation)) and revision > topic.revision:
            topic.stirred.set()
        self.stir_inboxes(conversation, None)

    def stir_inboxes(self, conversation: int, users: set[int] | None) -> None:
        if self.people:
            known = self.activity.get(conversation, set())
            self.activity[conversation] = None if users is None or known is None else known | users
            self.is_active.set()

    # Streams come, are told things, and go

    def streams(self) -> list[Stream]:
        return [stream for theirs in self.people.values() for stream in theirs]

    def push(self, user: int, time_zone: str, event: bytes) -> None:
        for stream in self.people.get(user, ()):
            if stream.time_zone == time_zone:
                stream.push(with_cursors(event, stream.cursors))

    def welcome(self, stream: Stream) -> None:
        self.people[stream.visit.user_id].add(stream)
        if self.is_draining:
            stream.end(GOODBYE)

    async def join(self, stream: Stream, subscription: Subscription) -> None:
        """Tell a stream all it has missed, then let it hear what the others hear; where that fails, end it."""
        try:
            for conversation in subscription.refused:
                stream.forget(conversation, "gone")
            for conversation, cursor in list(stream.cursors.items()):
                await self.bring_up(stream, self.topic(conversation, subscription.revisions[conversation]), cursor)
            for event in await self.ask(reading.render_inbox, subscription):
                stream.push(with_cursors(event, stream.cursors))
        except (DatabaseError, Conversation.DoesNotExist):
            stream.end()

    async def bring_up(self, stream: Stream, topic: Topic, cursor: int) -> None:
        """Tell a stream what happened in a conversation since `cursor`, while what happens now waits; then admit it."""
        topic.joining[stream] = []
        while topic.revision < cursor:
            topic.stirred.set()
            await topic.advanced.wait()
        topic.joining[stream].clear()
        until = topic.revision
        try:
            while cursor < until:
                changes, frames = await self.ask(
                    reading.read_changes, topic.conversation, cursor, [stream.time_zone], until
                )
                cursor = changes.revision
                stream.tell(topic.conversation, cursor, frames[stream.time_zone])
                while stream.size > SLOWLY and not stream.is_over:
                    await asyncio.sleep(0.05)
        except CursorTooOld:
            stream.tell(topic.conversation, until, frame("reload", str(topic.conversation)))
        if stream in topic.joining:  # else it was refused meanwhile
            topic.admit(stream)

    def leave(self, stream: Stream) -> None:
        theirs = self.people[stream.visit.user_id]
        theirs.discard(stream)
        if not theirs:
            del self.people[stream.visit.user_id]
        for conversation in stream.cursors:
            self.drop(stream, conversation)

    def refuse(self, stream: Stream, conversation: int) -> None:
        self.drop(stream, conversation)
        stream.forget(conversation, "gone")

    def drain(self) -> None:
        """Send all streams to another process, as this one is about to end."""
        self.is_draining = True
        for stream in self.streams():
            stream.end(GOODBYE)

    # Topics: the conversations that are streamed

    def topic(self, conversation: int, revision: int) -> Topic:
        if conversation not in self.topics:
            topic = self.topics[conversation] = Topic(conversation, revision)
            self.pumps[conversation] = asyncio.create_task(self.again_and_again(lambda: self.pump(topic)))
        return self.topics[conversation]

    def drop(self, stream: Stream, conversation: int) -> None:
        if not (topic := self.topics.get(conversation)):
            return
        topic.drop(stream)
        if topic.is_empty:
            del self.topics[conversation]
            self.pumps.pop(conversation).cancel()

    async def pump(self, topic: Topic) -> None:
        """Once the conversation has changed, read what has and tell all its streams."""
        await topic.stirred.wait()
        topic.stirred.clear()
        try:
            while True:
                changes, frames = await self.ask(
                    reading.read_changes, topic.conversation, topic.revision, topic.time_zones()
                )
                if changes.revision > topic.revision:
                    while missing := topic.time_zones() - frames.keys():  # of who has come meanwhile
                        frames |= await self.ask(reading.render_changes, changes, missing)
                    topic.tell(changes.revision, frames)
                if changes.is_complete:
                    return
        except CursorTooOld as error:
            reload = frame("reload", str(topic.conversation))
            topic.tell(error.revision, dict.fromkeys(topic.time_zones(), reload))
        except Conversation.DoesNotExist:
            for stream in [*topic.streams, *topic.joining]:
                self.refuse(stream, topic.conversation)

    async def ask(self, question: Callable, *arguments: Any) -> Any:
        """Ask the database in a thread, which gives its connection back to the pool."""

        def answer() -> Any:
            try:
                return question(*arguments)
            finally:
                connection.close()

        return await asyncio.get_running_loop().run_in_executor(self.threads, answer)
