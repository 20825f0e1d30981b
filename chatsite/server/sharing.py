"""What one person may use of a process: threads at the same time, and worker time.

People are recognized by their session once Django has answered a request with it, anonymous visitors by their IP
address. All of this is in the memory of each process on purpose, as a write for each page would cost more than most
pages: with several workers, a person may use as much of each.
"""

import math
import time
from asyncio import Semaphore
from collections import OrderedDict
from collections.abc import AsyncIterator, Hashable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

from django.conf import settings
from django.http import parse_cookie
from django.utils.translation import gettext_lazy as _

from accounts.models.limits import is_trusted, network_of
from accounts.models.visit import known_address
from chatsite.middleware import address_behind_proxies

MAX_SESSIONS = 50_000
MAX_WAITING = 100  # requests of one person
BURST_SECONDS, SECONDS_PER_SECOND = 20, 0.25  # of the time of page threads
ALONE_SECONDS = 2  # of the burst; after them a person's requests are answered one after the other
TOO_MANY_REQUESTS = _("You are sending too many requests. Wait a moment, then try again.")
OVERLOADED = 429, _("Too many requests at once."), 5


class Sessions:
    """The people of sessions that were seen recently."""

    def __init__(self) -> None:
        self.people: OrderedDict[str, int] = OrderedDict()

    def sender(self, environ: dict[str, Any]) -> Hashable:
        """Return whom a request counts for: a person, or the address that it comes from.

        Of a trusted network each request counts for itself alone, as many people share its addresses.
        """
        person = self.people.get(session_of(environ))
        if person is not None:
            return person
        forwarded = environ.get("HTTP_X_FORWARDED_FOR", "")
        address = known_address(address_behind_proxies(forwarded, environ["REMOTE_ADDR"]))
        return object() if is_trusted(address) else network_of(address)

    def learn(self, environ: dict[str, Any], person: int) -> None:
        """Store whose session a request had, as Django found out."""
        session = session_of(environ)
        self.people[session] = person
        self.people.move_to_end(session)
        if len(self.people) > MAX_SESSIONS:
            self.people.popitem(last=False)


def session_of(environ: dict[str, Any]) -> str:
    """Read the session cookie as Django does: what another parser makes of odd cookies would be somebody else's."""
    return parse_cookie(environ.get("HTTP_COOKIE", "")).get(settings.SESSION_COOKIE_NAME, "")


class TooManyWaiting(Exception):
    """So many requests of a sender are waiting that another one is refused at once, without a page."""


class Shares:
    """Answers at most `most` requests of each sender at once; further ones wait, without occupying a thread."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.semaphores: dict[Hashable, Semaphore] = {}
        self.waiting: dict[Hashable, int] = {}

    @asynccontextmanager
    async def turn(self, sender: Hashable) -> AsyncIterator[None]:
        """Wait until fewer requests of the sender are being answered; raise TooManyWaiting."""
        waiting = self.waiting.get(sender, 0)
        if waiting >= MAX_WAITING:
            raise TooManyWaiting
        self.waiting[sender] = waiting + 1
        try:
            async with self.semaphores.setdefault(sender, Semaphore(self.most)):
                yield
        finally:
            self.waiting[sender] -= 1
            if not self.waiting[sender]:
                del self.waiting[sender], self.semaphores[sender]


class WorkerSeconds:
    """A bucket of worker seconds for each sender, which fills at a constant rate."""

    def __init__(self) -> None:
        self.full_at: dict[Hashable, float] = {}
        self.alone = Shares(1)

    def spend(self, sender: Hashable, seconds: float) -> None:
        """Take from the bucket what a request has cost."""
        now = time.monotonic()
        self.full_at[sender] = max(self.full_at.get(sender, 0), now) + seconds / SECONDS_PER_SECOND
        if len(self.full_at) > MAX_SESSIONS:
            self.full_at = {each: moment for each, moment in self.full_at.items() if moment > now}

    @asynccontextmanager
    async def turn(self, sender: Hashable, share: AbstractAsyncContextManager[None]) -> AsyncIterator[None]:
        """Wait for a share of threads; after much work for a sender, also for the end of their other requests.

        Two threads that compute for one person would take two thirds of the interpreter from somebody else's one.
        """
        if self.full_at.get(sender, 0) - time.monotonic() > ALONE_SECONDS / SECONDS_PER_SECOND:
            async with self.alone.turn(sender), share:
                yield
        else:
            async with share:
                yield

    def to_wait(self, sender: Hashable) -> int:
        """Return in how many seconds the bucket is no longer empty."""
        wait = self.full_at.get(sender, 0) - time.monotonic() - BURST_SECONDS / SECONDS_PER_SECOND
        return max(0, math.ceil(wait))
