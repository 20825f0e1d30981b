"""The hub of a process: it hears of changes, and sees to it that every stream that wants them is told.

The revisions of the conversations are the truth. Announcements only make it quick; every other second the hub compares
revisions itself, and asks whether everybody who has a stream may still have it.
"""

import asyncio
import logging
from collections import defaultdict
from contextlib import suppress

from conversations.live import rendering
from conversations.live.frames import GOODBYE, HEARTBEAT, frame, with_cursors
from conversations.live.listening import announcements
from conversations.live.stream import Stream
from conversations.live.subscription import Subscription
from conversations.live.threads import DatabaseThreads, again_and_again
from conversations.live.topic import Topic

log = logging.getLogger(__name__)

SWEEP_SECONDS = 2
HEARTBEAT_SECONDS = 20
INBOX_SECONDS = 0.2  # lines of inboxes are less urgent than messages: what happens meanwhile is told at once
MOST_OF_ONE_PERSON = 1_500  # streams


class Hub:
    """All streams of one process."""

    def __init__(self) -> None:
        self.ask = DatabaseThreads()
        self.people: dict[int, dict[Stream, None]] = defaultdict(dict)  # their streams, the oldest first
        self.topics: dict[int, Topic] = {}
        self.pumps: dict[int, asyncio.Task] = {}
        self.announced: dict[int, int] = {}
        self.activity: dict[int, set[int] | None] = {}  # conversation: whose inboxes, None for all its members'
        self.typing: dict[int, set[int]] = defaultdict(set)  # conversation: who
        self.is_active, self.is_urgent, self.is_typing = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self.is_draining = False

    # What goes on for as long as the process lives

    async def run(self) -> None:
        steps = (self.listen, self.sweep, self.tell_inboxes, self.tell_typing, self.beat)
        await asyncio.gather(*map(again_and_again, steps))

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
        revisions, alive, allowed, recent = await self.ask(rendering.look_around, list(self.topics), visits, pairs)
        for stream in streams:
            if stream.visit not in alive:
                stream.end(with_cursors(frame("signed-out", ""), {}))
            for conversation in [each for each in stream.cursors if (stream.visit.user_id, each) in pairs - allowed]:
                self.refuse(stream, conversation)
        for conversation, revision in (recent | revisions).items():
            if revision > self.announced.get(conversation, 0):
                self.changed(conversation, revision)
            self.stir(conversation, revision)
        self.announced = recent | revisions

    async def tell_inboxes(self) -> None:
        """Send the lines of inboxes in which something has happened."""
        await self.is_active.wait()
        await asyncio.sleep(INBOX_SECONDS)
        self.is_active.clear()
        while self.activity:
            conversation, users = self.activity.popitem()
            try:
                await self.tell_inboxes_of(conversation, users)
            except BaseException:
                self.stir_inboxes(conversation, users)
                raise

    async def tell_inboxes_of(self, conversation: int, users: set[int] | None) -> None:
        online = self.people.keys() if users is None else users & self.people.keys()
        readers = {user: {stream.locale for stream in self.people[user]} for user in online}
        entries = await self.ask(rendering.render_entries, conversation, readers) if readers else {}
        for (user, locale), event in entries.items():
            for stream in self.people.get(user, ()):
                if stream.locale == locale:
                    stream.push(with_cursors(event, stream.cursors))

    async def tell_typing(self) -> None:
        """Say who is typing, where somebody looks. It is not said again where that fails: it will be over soon."""
        await self.is_typing.wait()
        await asyncio.sleep(INBOX_SECONDS)
        self.is_typing.clear()
        typing, self.typing = self.typing, defaultdict(set)
        for conversation, users in typing.items():
            if topic := self.topics.get(conversation):
                await topic.tell_typing(users)

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
            case ["typing", conversation, user] if int(conversation) in self.topics:
                self.typing[int(conversation)].add(int(user))
                self.is_typing.set()
            case ["left", conversation, user]:
                self.is_urgent.set()
                for stream in self.people.get(int(user), ()):
                    stream.push(with_cursors(frame("left", conversation), stream.cursors))

    def changed(self, conversation: int, revision: int) -> None:
        self.announced[conversation] = max(revision, self.announced.get(conversation, 0))
        self.stir(conversation, revision)
        self.stir_inboxes(conversation, None)

    def stir(self, conversation: int, revision: int) -> None:
        if topic := self.topics.get(conversation):
            topic.stir(revision)

    def stir_inboxes(self, conversation: int, users: set[int] | None) -> None:
        if self.people:
            known = self.activity.get(conversation, set())
            self.activity[conversation] = None if users is None or known is None else known | users
            self.is_active.set()

    # Streams come and go

    def streams(self) -> list[Stream]:
        return [stream for theirs in self.people.values() for stream in theirs]

    def welcome(self, stream: Stream) -> None:
        theirs = self.people[stream.visit.user_id]
        theirs[stream] = None
        if len(theirs) > MOST_OF_ONE_PERSON:
            next(iter(theirs)).end(GOODBYE)
        if self.is_draining:
            stream.end(GOODBYE)

    async def join(self, stream: Stream, subscription: Subscription) -> None:
        """Tell a stream all it has missed, then let it hear what the others hear; where that fails, end it."""
        try:
            for conversation in subscription.refused:
                stream.forget(conversation, "gone")
            for conversation, cursor in subscription.cursors.items():
                if conversation in stream.cursors:  # else it was refused meanwhile
                    topic = self.topic(conversation, subscription.revisions[conversation])
                    await topic.bring_up(stream, cursor)
            for event in await self.ask(rendering.render_inbox, subscription):
                stream.push(with_cursors(event, stream.cursors))
        except Exception:
            log.exception("a stream could not be brought up to date: its browser will connect again")
            stream.end()

    def leave(self, stream: Stream) -> None:
        theirs = self.people[stream.visit.user_id]
        theirs.pop(stream, None)
        if not theirs:
            del self.people[stream.visit.user_id]
        for topic in [topic for topic in self.topics.values() if stream in topic]:
            self.drop(stream, topic)

    def refuse(self, stream: Stream, conversation: int) -> None:
        """Tell a stream no more of a conversation."""
        stream.forget(conversation, "gone")
        if topic := self.topics.get(conversation):
            self.drop(stream, topic)

    def drain(self) -> None:
        """Send all streams to another process, as this one is about to end."""
        self.is_draining = True
        for stream in self.streams():
            stream.end(GOODBYE)

    def topic(self, conversation: int, revision: int) -> Topic:
        """Find the topic of a conversation, or begin it."""
        if conversation not in self.topics:
            topic = self.topics[conversation] = Topic(conversation, revision, self.ask)
            self.pumps[conversation] = asyncio.create_task(again_and_again(topic.pump))
        return self.topics[conversation]

    def drop(self, stream: Stream, topic: Topic) -> None:
        topic.drop(stream)
        if not topic.everybody:
            del self.topics[topic.conversation]
            self.pumps.pop(topic.conversation).cancel()
