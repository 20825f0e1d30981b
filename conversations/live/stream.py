"""One event stream: the queue of one browser."""

import asyncio
from collections import deque

from conversations.live.frames import GOODBYE, frame, with_cursors
from conversations.live.subscription import Perspective, Subscription

MAX_QUEUED_BYTES = 2_000_000  # slower browsers reconnect and catch up
# The server buffers what it is given, even if the client no longer reads. So each stream ends at some point, and a
# client that is alive reconnects.
MAX_STREAM_BYTES = 20_000_000


class Stream:
    """A queue of bytes for one browser, and the cursors up to which it has every change."""

    __slots__ = ("cursors", "frames", "has_ended", "history", "locale", "sent", "size", "visit", "wake")

    def __init__(self, subscription: Subscription) -> None:
        self.visit, self.locale = subscription.visit, subscription.locale
        self.cursors, self.history = dict(subscription.cursors), subscription.history
        self.frames: deque[bytes] = deque()
        self.size, self.sent, self.has_ended = 0, 0, False
        self.wake: asyncio.Future | None = None

    def perspective(self, conversation: int) -> Perspective:
        return Perspective(self.locale, self.history.get(conversation))

    def push(self, event: bytes) -> None:
        """Queue bytes to send."""
        if self.has_ended:
            return
        if self.frames and self.size + len(event) > MAX_QUEUED_BYTES:
            self.frames.clear()
            self.has_ended = True
        else:
            self.frames.append(event)
            self.size += len(event)
        self._wake_up()

    def send_change(self, conversation: int, revision: int, event: bytes) -> None:
        """Send an event that moves the cursor of a conversation to `revision`, unless the stream has dropped it."""
        if conversation in self.cursors:
            self.cursors[conversation] = revision
            self.push(with_cursors(event, self.cursors))

    def drop(self, conversation: int, event: str) -> None:
        """Send a last event about a conversation, and nothing more about it."""
        self.cursors.pop(conversation, None)
        self.push(with_cursors(frame(event, str(conversation)), self.cursors))

    def end(self, last: bytes = b"") -> None:
        """End the stream after everything queued is sent."""
        self.push(last)
        self.has_ended = True
        self._wake_up()

    async def next_bytes(self) -> bytes:
        """Wait for bytes to send and return all of them; b'' is the end."""
        while not self.frames and not self.has_ended:
            self.wake = asyncio.get_running_loop().create_future()
            await self.wake
        everything = b"".join(self.frames)
        self.frames.clear()
        self.size = 0
        self.sent += len(everything)
        if self.sent > MAX_STREAM_BYTES:
            self.end(GOODBYE)
        return everything

    def _wake_up(self) -> None:
        if self.wake and not self.wake.done():
            self.wake.set_result(None)
