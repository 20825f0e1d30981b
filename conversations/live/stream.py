"""One event stream: the queue of one browser."""

import asyncio
from collections import deque

from conversations.live.frames import frame, with_cursors
from conversations.live.subscription import Perspective, Subscription

MAX_QUEUED_BYTES = 2_000_000  # slower browsers reconnect and catch up
MAX_PERSON_BYTES = 20_000_000  # held for all streams of one person in this process


class Held:
    """How many bytes the server holds for the streams of one person: queued, or not yet taken by the client."""

    def __init__(self) -> None:
        self.bytes = 0


class Stream:
    """A queue of bytes for one browser, and the cursors up to which it has every change.

    The server buffers what it is given, even if the client no longer reads. `Watch` finds out what the client took.
    """

    __slots__ = (
        *("client", "cursors", "frames", "given", "has_ended", "held", "history", "is_shared", "is_too_slow"),
        *("locale", "size", "taken", "visit", "wake"),
    )

    def __init__(self, subscription: Subscription, client: str, held: Held, *, is_shared: bool) -> None:
        """Begin a stream to a client, given by address; with `is_shared`, its connection may carry other streams."""
        self.visit, self.locale = subscription.visit, subscription.locale
        self.client, self.held, self.is_shared, self.is_too_slow = client, held, is_shared, False
        self.cursors, self.history = dict(subscription.cursors), subscription.history
        self.frames: deque[bytes] = deque()
        self.size, self.given, self.taken, self.has_ended = 0, 0, 0, False
        self.wake: asyncio.Future | None = None

    def perspective(self, conversation: int) -> Perspective:
        return Perspective(self.locale, self.history.get(conversation))

    @property
    def untaken(self) -> int:
        """How many bytes the server was given that the client has not taken, as far as is known."""
        return self.given - self.taken

    def push(self, event: bytes) -> None:
        """Queue bytes to send; end the stream if its client, or the person, is too slow."""
        if self.has_ended:
            return
        is_slow = bool(self.frames) and self.size + len(event) > MAX_QUEUED_BYTES
        if is_slow or self.held.bytes + len(event) > MAX_PERSON_BYTES:
            self.is_too_slow = True
            self.stop()
        else:
            self.frames.append(event)
            self.size += len(event)
            self.held.bytes += len(event)
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

    def take(self, up_to: int) -> None:
        """Record that the client has taken the first `up_to` bytes given to the server."""
        self.held.bytes -= max(0, up_to - self.taken)
        self.taken = max(up_to, self.taken)

    def stop(self) -> None:
        """End the stream without what is queued."""
        self.held.bytes -= self.size
        self.frames.clear()
        self.size, self.has_ended = 0, True

    def forget(self) -> None:
        """Stop counting what is held for this stream, as its connection has ended."""
        self.stop()
        self.take(self.given)

    async def next_bytes(self) -> bytes:
        """Wait for bytes to send and return all of them; b'' is the end."""
        while not self.frames and not self.has_ended:
            self.wake = asyncio.get_running_loop().create_future()
            await self.wake
        everything = b"".join(self.frames)
        self.frames.clear()
        self.size = 0
        self.given += len(everything)
        return everything

    def _wake_up(self) -> None:
        if self.wake and not self.wake.done():
            self.wake.set_result(None)
