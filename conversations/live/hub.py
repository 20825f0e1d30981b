"""The hub of a process: it receives announcements of changes, and sends the changes to the event streams.

The revisions of conversations are the truth, and announcements only make delivery quick. Every other second the hub
compares revisions itself, and checks that the people with streams may still have them.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime
from weakref import WeakValueDictionary

from django.conf import settings

from conversations.live import rendering
from conversations.live.frames import GOODBYE, HEARTBEAT, TOO_MANY, WELCOME, frame, with_cursors
from conversations.live.hearing import PING_SECONDS, hearing
from conversations.live.listening import announcements
from conversations.live.notices import Notices
from conversations.live.stream import Held, Stream
from conversations.live.subscription import Subscription
from conversations.live.threads import DatabaseThreads, repeat
from conversations.live.topic import Topic
from conversations.live.watching import Watch

log = logging.getLogger(__name__)

SWEEP_SECONDS = 2
HEARTBEAT_SECONDS = 20
INBOX_BATCH_SECONDS = 0.2  # inbox entries are less urgent than messages: changes within this time are sent together
MAX_STREAMS_PER_PERSON = 20  # browsers share one among their tabs


class Hub:
    """All streams of one process."""

    def __init__(self, on_change: Callable[[], None] = lambda: None) -> None:
        self.on_change = on_change  # called when a conversation has changed, or may have
        self.database = DatabaseThreads()
        self.people: dict[int, dict[Stream, None]] = defaultdict(dict)  # the streams of each, the oldest first
        self.held: WeakValueDictionary[int, Held] = WeakValueDictionary()  # by person
        self.watch, self.notices = Watch(), Notices()
        self.topics: dict[int, Topic] = {}
        self.pumps: dict[int, asyncio.Task] = {}
        self.announced: dict[int, int] = {}
        # By conversation: the people whose inbox entry changes, None for all members.
        self.activity: dict[int, set[int] | None] = {}
        self.typing: dict[int, set[int]] = defaultdict(set)  # by conversation
        self.is_active, self.is_urgent, self.is_typing = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self.has_connected = asyncio.Event()
        self.is_draining = False

    # Loops that run as long as the process

    async def run(self) -> None:
        steps = [self.listen, self.sweep, self.ping, self.send_inbox_entries, self.send_typing, self.send_heartbeats]
        steps += [self.watch.check]
        await asyncio.gather(*map(repeat, steps))

    async def listen(self) -> None:
        async for words in announcements():
            with suppress(ValueError):  # a notification of another program
                self.receive(words)

    async def ping(self) -> None:
        """Announce a ping at once after each connect, then every few seconds."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self.has_connected.wait(), PING_SECONDS)
        self.has_connected.clear()
        await self.database.run(hearing.ping)

    async def send_heartbeats(self) -> None:
        await asyncio.sleep(HEARTBEAT_SECONDS)
        for stream in self.streams():
            stream.push(HEARTBEAT)

    async def sweep(self) -> None:
        """Catch up with changes that were not announced, and end the streams of people who have lost access."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self.is_urgent.wait(), SWEEP_SECONDS)
        self.is_urgent.clear()
        streams = self.streams()
        known = {
            (stream.visit.user_id, each, stream.history.get(each)) for stream in streams for each in stream.cursors
        }
        visits = {stream.visit for stream in streams}
        if not streams:
            return
        revisions, alive, allowed, recent = await self.database.run(
            rendering.read_state, list(self.topics), visits, {(user, each) for user, each, _ in known}
        )
        for stream in streams:
            if stream.visit not in alive:
                stream.end(with_cursors(frame("signed-out", ""), {}))
        self.check(known, allowed)
        for conversation, revision in (recent | revisions).items():
            if revision > self.announced.get(conversation, 0):
                self.conversation_changed(conversation, revision)
            self.notify(conversation, revision)
        self.announced = recent | revisions

    def check(
        self, known: set[tuple[int, int, datetime | None]], allowed: dict[tuple[int, int], datetime | None]
    ) -> None:
        """Stop sending what people may no longer see; make pages reload where they see more or less of the history."""
        for user, conversation, since in known - {(*pair, since) for pair, since in allowed.items()}:
            for stream in list(self.people.get(user, ())):
                if conversation not in stream.cursors or stream.history.get(conversation) != since:
                    continue
                if (user, conversation) in allowed:
                    stream.end(with_cursors(frame("reload", str(conversation)), stream.cursors))
                else:
                    self.refuse(stream, conversation)

    async def send_inbox_entries(self) -> None:
        """Send the inbox entries that have changed."""
        await self.is_active.wait()
        await asyncio.sleep(INBOX_BATCH_SECONDS)
        self.is_active.clear()
        while self.activity:
            conversation, users = self.activity.popitem()
            try:
                await self.send_inbox_entries_of(conversation, users)
            except BaseException:
                self.notify_inboxes(conversation, users)
                raise

    async def send_inbox_entries_of(self, conversation: int, users: set[int] | None) -> None:
        online = self.people.keys() if users is None else users & self.people.keys()
        readers = {user: {stream.locale for stream in self.people[user]} for user in online}
        is_own = users is not None
        events = await self.database.run(rendering.render_inboxes, conversation, readers, is_own) if readers else []
        for user, locale, event in events:
            for stream in self.people.get(user, ()):
                if stream.locale == locale:
                    stream.push(with_cursors(event, stream.cursors))

    async def send_typing(self) -> None:
        """Send who is typing to open conversations; do not retry, as it is soon out of date."""
        await self.is_typing.wait()
        await asyncio.sleep(INBOX_BATCH_SECONDS)
        self.is_typing.clear()
        typing, self.typing = self.typing, defaultdict(set)
        for conversation, users in typing.items():
            if topic := self.topics.get(conversation):
                await topic.broadcast_typing(users)

    # Announcements

    def receive(self, words: list[str]) -> None:
        """Handle an announcement; [] stands for announcements that may have been missed."""
        match words:
            case []:
                self.on_change()
                self.is_urgent.set()
                self.has_connected.set()
            case ["ping", name, database_time]:
                hearing.heard(name, float(database_time))
            case ["conversation", conversation, revision]:
                self.on_change()
                self.conversation_changed(int(conversation), int(revision))
            case ["joined" | "read", conversation, user]:
                self.notify_inboxes(int(conversation), {int(user)})
            case ["typing", conversation, user] if int(conversation) in self.topics:
                self.typing[int(conversation)].add(int(user))
                self.is_typing.set()
            case ["left", conversation, user]:
                self.is_urgent.set()
                self.send_to([int(user)], frame("left", conversation))
            case ["notice", message, *users]:
                people, event = set(map(int, users)), frame("notice", message)
                self.notices.add(people, event)
                self.send_to(people, event)

    def send_to(self, users: Iterable[int], event: bytes) -> None:
        """Send an event to all streams of these people."""
        for stream in [stream for user in users for stream in self.people.get(user, ())]:
            stream.push(with_cursors(event, stream.cursors))

    def conversation_changed(self, conversation: int, revision: int) -> None:
        self.announced[conversation] = max(revision, self.announced.get(conversation, 0))
        self.notify(conversation, revision)
        self.notify_inboxes(conversation, None)

    def notify(self, conversation: int, revision: int) -> None:
        if topic := self.topics.get(conversation):
            topic.notify(revision)

    def notify_inboxes(self, conversation: int, users: set[int] | None) -> None:
        if self.people:
            known = self.activity.get(conversation, set())
            self.activity[conversation] = None if users is None or known is None else known | users
            self.is_active.set()

    # Streams

    def streams(self) -> list[Stream]:
        return [stream for theirs in self.people.values() for stream in theirs]

    def welcome(self, subscription: Subscription, client: str, *, is_shared: bool) -> Stream:
        """Begin a stream to a client, given by address; with `is_shared`, its connection may carry other streams."""
        person = subscription.visit.user_id
        theirs, held = self.people[person], self.held.setdefault(person, Held())
        stream = Stream(subscription, client, held, is_shared=is_shared)
        stream.push(WELCOME)
        for event in self.notices.of(person):
            stream.push(with_cursors(event, stream.cursors))
        theirs[stream] = None
        self.watch.begin(stream)
        if settings.LIMITS and len(theirs) > MAX_STREAMS_PER_PERSON:
            next(iter(theirs)).end(TOO_MANY)
        if self.is_draining:
            stream.end(GOODBYE)
        return stream

    async def join(self, stream: Stream, subscription: Subscription) -> None:
        """Send a stream all it has missed, then add it to its topics; end it on an error."""
        try:
            for conversation in subscription.refused:
                stream.drop(conversation, "gone")
            for conversation, cursor in subscription.cursors.items():
                if conversation in stream.cursors:  # else it was refused meanwhile
                    topic = self.topic(conversation, subscription.revisions[conversation])
                    await topic.join(stream, cursor)
            for event in await self.database.run(rendering.render_inbox, subscription):
                stream.push(with_cursors(event, stream.cursors))
        except Exception:
            log.exception("a stream could not catch up: its browser will reconnect")
            stream.end()

    def leave(self, stream: Stream) -> None:
        theirs = self.people[stream.visit.user_id]
        theirs.pop(stream, None)
        self.watch.leave(stream)
        if not theirs:
            del self.people[stream.visit.user_id]
        for topic in [topic for topic in self.topics.values() if stream in topic]:
            self.drop(stream, topic)

    def refuse(self, stream: Stream, conversation: int) -> None:
        """Stop sending a conversation to a stream."""
        stream.drop(conversation, "gone")
        if topic := self.topics.get(conversation):
            self.drop(stream, topic)

    def drain(self) -> None:
        """Make all streams reconnect to another process, as this process is about to end."""
        self.is_draining = True
        for stream in self.streams():
            stream.end(GOODBYE)

    def topic(self, conversation: int, revision: int) -> Topic:
        """Return the topic of a conversation; create and start it if it is new."""
        if conversation not in self.topics:
            topic = self.topics[conversation] = Topic(conversation, revision, self.database, self.watch)
            self.pumps[conversation] = asyncio.create_task(repeat(topic.pump))
        return self.topics[conversation]

    def drop(self, stream: Stream, topic: Topic) -> None:
        topic.drop(stream)
        if not topic.all_streams:
            del self.topics[topic.conversation]
            self.pumps.pop(topic.conversation).cancel()
