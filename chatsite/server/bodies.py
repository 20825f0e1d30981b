"""Request bodies from granian, read as they arrive and within limits, and the WSGI environment."""

import asyncio
import re
from collections.abc import AsyncGenerator, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import IO, Any

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.handlers.wsgi import WSGIRequest
from django.db import connection
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from chatsite.server.environ import environ

BODY_SECONDS = 60
UPLOAD_SECONDS = 600  # for a body larger than a form without files needs
MAX_DISCARDED_BYTES = 20_000_000  # of a body that is too large
FILE_NAME = re.compile(rb'filename\*?="?[^"\r\n]')
UPLOADS = {re.compile(path): most for path, most in settings.UPLOADS.items()}
TOO_MUCH = 413, _("That is more than you can send at once. Go back: your text is still there.")
TOO_SLOW = 408, _("The upload took too long. Go back and send it again.")
SIGNED_OUT = 403, _("You are signed out. Sign in in another tab, then send it again.")


class RefusedBody(Exception):
    """A body is too large or too slow; the arguments are status and text of the response."""


async def receive(scope: Any, protocol: Any, body: IO[bytes], threads: ThreadPoolExecutor) -> None:
    """Read the body of a request into `body`; raise RefusedBody if it is too large or too slow.

    Only people who are signed in may send more than a form without files needs. The rest of a body over the limit is
    read and discarded, up to MAX_DISCARDED_BYTES, as browsers show no response before they have sent everything.
    """
    if scope.method in ("GET", "HEAD"):
        return
    chunks, most, refusal = chunks_of(protocol), settings.DATA_UPLOAD_MAX_MEMORY_SIZE, TOO_MUCH
    allowed = next((UPLOADS[path] for path in UPLOADS if path.fullmatch(scope.path)), most)
    try:
        async with asyncio.timeout(BODY_SECONDS) as limit:
            rest = await fill(body, chunks, most)
            if rest and allowed > most:
                if await in_thread(threads, is_signed_in, environ(scope, body)):
                    limit.reschedule(asyncio.get_running_loop().time() + UPLOAD_SECONDS)
                    body.write(rest)
                    rest = await fill(body, chunks, allowed)
                else:
                    refusal = SIGNED_OUT
            if rest:
                await discard(chunks)
                raise RefusedBody(*refusal)
    except TimeoutError as error:
        raise RefusedBody(*TOO_SLOW) from error
    body.seek(0)


async def chunks_of(protocol: Any) -> AsyncGenerator[bytes]:
    """Yield the chunks of a body from one iterator that can be resumed; granian's own can be started only once."""
    async for chunk in protocol:
        yield chunk


async def fill(body: IO[bytes], chunks: AsyncGenerator[bytes], most: int) -> bytes | None:
    """Write chunks into `body`, up to `most` bytes; return the first chunk beyond them, None at the end."""
    async for chunk in chunks:
        if body.tell() + len(chunk) > most:
            return chunk
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


def is_signed_in(environ: dict[str, Any]) -> bool:
    """Return whether the visitor is signed in, before Django gets the request."""
    request = WSGIRequest(environ)
    try:
        SessionMiddleware(lambda _: HttpResponse()).process_request(request)
        return get_user(request).is_authenticated
    finally:
        connection.close()


def has_files(scope: Any, body: IO[bytes]) -> bool:
    """Return whether a request contains files; any body larger than a form without files needs counts as such."""
    if not scope.headers.get("content-type", "").startswith("multipart/"):
        return False
    start = body.read(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
    has_more = bool(body.read(1))
    body.seek(0)
    return has_more or bool(FILE_NAME.search(start))
