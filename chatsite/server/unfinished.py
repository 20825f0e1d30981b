"""How many bytes a process holds of requests that are not answered yet, and how many of them one person may send."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MEMORY_BYTES = 64_000  # of each body; the rest is in a temporary file
MAX_SMALL_BYTES = 64_000_000  # of all bodies whose senders are not known yet
MAX_BYTES = 1_000_000_000  # of all bodies
MAX_LARGE_BODIES, MAX_PERSON_BYTES = 2, 200_000_000  # of one person
RETRY_SECONDS = 10
TOO_MUCH = 413, _("That is more than you can send at once. Go back: your text is still there.")
BUSY = 503, _("The site is receiving too much at once. Try again in a moment."), RETRY_SECONDS
TOO_MANY = 429, _("You are already sending other files. Try again when they are uploaded."), RETRY_SECONDS


class RefusedBody(Exception):
    """A body is refused; the arguments are the status and text of the response, and the seconds until a retry."""

    def __init__(self, status: int, reason: str | Promise, retry_after: int | None = None) -> None:
        super().__init__(status, reason, retry_after)


class Body:
    """What is held of one body; `person` is None until it is known who sends it."""

    def __init__(self, everything: "Unfinished") -> None:
        self.everything, self.size = everything, 0
        self.person: int | None = None
        self.limit: asyncio.Timeout | None = None  # while it is received

    def grow(self, size: int) -> None:
        """Count more bytes; raise RefusedBody if they are too many."""
        self.size += size
        self.everything.grow(self, size)

    def belong_to(self, person: int) -> None:
        """Count the body among those of a person; raise RefusedBody if they are already sending too many."""
        if len(self.everything.bodies_of(person)) >= MAX_LARGE_BODIES:
            raise RefusedBody(*TOO_MANY)
        self.everything.small_bytes -= self.size
        self.person = person

    def end(self) -> None:
        """Refuse the body as if it had come too slowly."""
        if self.limit:
            self.limit.reschedule(asyncio.get_running_loop().time())
        self.limit = None


class Unfinished:
    """All bodies of a process."""

    def __init__(self) -> None:
        self.bodies: dict[Body, None] = {}  # the oldest first
        self.bytes, self.small_bytes = 0, 0

    @contextmanager
    def body(self) -> Iterator[Body]:
        """Count a body until its request is answered."""
        body = Body(self)
        self.bodies[body] = None
        try:
            yield body
        finally:
            del self.bodies[body]
            self.bytes -= body.size
            if body.person is None:
                self.small_bytes -= body.size

    def bodies_of(self, person: int) -> list[Body]:
        return [body for body in self.bodies if body.person == person]

    def grow(self, body: Body, size: int) -> None:
        self.bytes += size
        if body.person is None:
            self.small_bytes += size
            self.make_room(body)
        elif sum(each.size for each in self.bodies_of(body.person)) > MAX_PERSON_BYTES:
            raise RefusedBody(*TOO_MANY)
        if self.bytes > MAX_BYTES:
            raise RefusedBody(*BUSY)

    def make_room(self, body: Body) -> None:
        """If small bodies take up too much, end the oldest unfinished one; raise RefusedBody if there is none."""
        if self.small_bytes <= MAX_SMALL_BYTES:
            return
        stalled = next((each for each in self.bodies if each.person is None and each.limit and each is not body), None)
        if stalled is None:
            raise RefusedBody(*BUSY)
        stalled.end()
