"""One stream: what waits to be sent to one browser."""

import asyncio
from collections import deque

from conversations.live.frames import GOODBYE, frame, with_cursors
from conversations.live.subscription import Subscription

MOST_WAITING = 2_000_000  # bytes; who is slower than that reconnects and catches up
# The server takes whatever it is given, for clients that do not read as well. So a stream has its end, after which a
# client that lives goes on with another one.
MOST_IN_ALL = 20_000_000


class Stream:
    """A queue of bytes for one browser, and the cursors up to which it has been told everything."""

    __slots__ = ("cursors", "frames", "is_over", "locale", "sent", "size", "visit", "wake")

    def __init__(self, subscription: Subscription) -> None:
        self.visit, self.locale = subscription.visit, subscription.locale
        self.cursors = dict(subscription.cursors)
        self.frames: deque[bytes] = deque()
        self.size, self.sent, self.is_over = 0, 0, False
        self.wake: asyncio.Future | None = None

    def push(self, event: bytes) -> None:
        """Send bytes as soon as what came before them is sent."""
        if self.is_over:
            return
        if self.frames and self.size + len(event) > MOST_WAITING:
            self.frames.clear()
            self.is_over = True
        else:
            self.frames.append(event)
            self.size += len(event)
        self._wake_up()

    def tell(self, conversation: int, revision: int, begun: bytes) -> None:
        """Send an event that brings this browser up to `revision` of a conversation, if it may still have that."""
        if conversation in self.cursors:
            self.cursors[conversation] = revision
            self.push(with_cursors(begun, self.cursors))

    def forget(self, conversation: int, event: str) -> None:
        """Say that nothing more comes about a conversation."""
        self.cursors.pop(conversation, None)
        self.push(with_cursors(frame(event, str(conversation)), self.cursors))

    def end(self, last: bytes = b"") -> None:
        """Let the stream end once everything is sent."""
        self.push(last)
        self.is_over = True
        self._wake_up()

    async def waiting(self) -> bytes:
        """Wait for something to send and give all of it; b'' is the end."""
        while not self.frames and not self.is_over:
            self.wake = asyncio.get_running_loop().create_future()
            await self.wake
        everything = b"".join(self.frames)
        self.frames.clear()
        self.size = 0
        self.sent += len(everything)
        if self.sent > MOST_IN_ALL:
            self.end(GOODBYE)
        return everything

    def _wake_up(self) -> None:
        if self.wake and not self.wake.done():
            self.wake.set_result(None)
