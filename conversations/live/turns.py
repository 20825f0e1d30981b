"""Turns: a fair lock, for which people wait in turn however often each of them wants it."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Turns:
    """A lock that passes from person to person, and to the same person again only after all others who are waiting."""

    def __init__(self) -> None:
        self.waiting: dict[int, deque[asyncio.Future]] = {}  # the first of these people is next
        self.is_taken = False

    @asynccontextmanager
    async def of(self, person: int) -> AsyncIterator[None]:
        """Hold the lock for a person, after waiting for their turn."""
        await self._wait(person)
        try:
            yield
        finally:
            self._pass_on()

    async def _wait(self, person: int) -> None:
        if not self.is_taken:
            self.is_taken = True
            return
        turn = asyncio.get_running_loop().create_future()
        self.waiting.setdefault(person, deque()).append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._pass_on()  # the turn came at the same moment
            raise

    def _pass_on(self) -> None:
        """Give the lock to the next person who waits, and move them behind all others."""
        while self.waiting:
            person = next(iter(self.waiting))
            theirs = self.waiting.pop(person)
            turn = theirs.popleft()
            if theirs:
                self.waiting[person] = theirs
            if not turn.done():  # else the one who waited has left
                turn.set_result(None)
                return
        self.is_taken = False
