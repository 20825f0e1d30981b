"""Request bodies from granian, read as they arrive and within limits, and the WSGI environment."""

import asyncio
import re
from collections.abc import AsyncGenerator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import IO, Any

from django.utils.translation import gettext_lazy as _

from chatsite.server.admission import Sender
from chatsite.server.environ import environ
from chatsite.server.unfinished import MEMORY_BYTES, TOO_MUCH, Body, RefusedBody

Admit = Callable[[dict[str, Any]], Awaitable[Sender]]

BODY_SECONDS = 60
UPLOAD_SECONDS = 600  # for a body larger than MEMORY_BYTES
MAX_DISCARDED_BYTES = 20_000_000  # of a refused body
# A name of a file that is not empty, however it is written: Django understands more than what browsers send.
FILE_NAME = re.compile(rb'filename(?:\*\d*\*?)?\s*=(?!\s*(?:"")?\s*(?:;|\r|\n|\Z))', re.IGNORECASE)
TOO_SLOW = 408, _("The upload took too long. Go back and send it again.")


async def receive(scope: Any, protocol: Any, body: IO[bytes], admit: Admit, held: Body) -> None:
    """Read the body of a request into `body`; raise RefusedBody if it is too large, too slow or not allowed.

    Past MEMORY_BYTES it is read only from people who may send it, as `admit` finds out. The rest of a body that is
    refused is read and discarded, up to MAX_DISCARDED_BYTES, as browsers show no response before they have sent
    everything.
    """
    if scope.method in ("GET", "HEAD"):
        return
    chunks = chunks_of(protocol)
    try:
        async with asyncio.timeout(BODY_SECONDS) as held.limit:
            try:
                await fill_as_allowed(scope, chunks, body, admit, held)
            except RefusedBody:
                await discard(chunks)
                raise
    except TimeoutError as error:
        raise RefusedBody(*TOO_SLOW) from error
    finally:
        held.limit = None
        body.seek(0)


async def fill_as_allowed(scope: Any, chunks: AsyncGenerator[bytes], body: IO[bytes], admit: Admit, held: Body) -> None:
    """Write a small body into `body`, and a larger one if its sender may send it; raise RefusedBody."""
    rest = await fill(body, chunks, MEMORY_BYTES, held)
    if rest is None:
        return
    sender = await admit(environ(scope, body))
    held.belong_to(sender.person)
    if held.limit:
        held.limit.reschedule(asyncio.get_running_loop().time() + UPLOAD_SECONDS)
    if await fill(body, resumed(rest, chunks), sender.max_bytes, held) is not None:
        raise RefusedBody(*TOO_MUCH)


async def chunks_of(protocol: Any) -> AsyncGenerator[bytes]:
    """Yield the chunks of a body from one iterator that can be resumed; granian's own can be started only once."""
    async for chunk in protocol:
        yield chunk


async def resumed(first: bytes, chunks: AsyncGenerator[bytes]) -> AsyncGenerator[bytes]:
    yield first
    async for chunk in chunks:
        yield chunk


async def fill(body: IO[bytes], chunks: AsyncGenerator[bytes], max_bytes: int, held: Body) -> bytes | None:
    """Write chunks into `body`, up to `max_bytes`; return the first chunk beyond them, None at the end."""
    async for chunk in chunks:
        if body.tell() + len(chunk) > max_bytes:
            return chunk
        held.grow(len(chunk))
        body.write(chunk)
    return None


async def discard(chunks: AsyncGenerator[bytes]) -> None:
    size = 0
    async for chunk in chunks:
        size += len(chunk)
        if size > MAX_DISCARDED_BYTES:
            return


async def in_thread(threads: ThreadPoolExecutor, function: Callable, *arguments: Any) -> Any:
    return await asyncio.get_running_loop().run_in_executor(threads, function, *arguments)


def has_files(scope: Any, body: IO[bytes]) -> bool:
    """Return whether a request contains files; any larger form counts as such."""
    if not scope.headers.get("content-type", "").lower().lstrip().startswith("multipart/"):
        return False
    start = body.read(MEMORY_BYTES)
    has_more = bool(body.read(1))
    body.seek(0)
    return has_more or bool(FILE_NAME.search(start))


def leave_first_fields(body: IO[bytes]) -> None:
    """Truncate a refused body to the fields before its first file, which the answer returns."""
    body.seek(0)
    start = body.read(MEMORY_BYTES)
    body.truncate(len(start) if FILE_NAME.search(start) else 0)
    body.seek(0)
