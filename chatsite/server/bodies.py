"""Requests as granian gives them: read as they come, within limits, and described as WSGI does."""

import asyncio
import re
import sys
from collections.abc import AsyncGenerator, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, BinaryIO
from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.handlers.wsgi import WSGIRequest
from django.db import connection
from django.utils.translation import gettext_lazy as _

BODY_SECONDS = 60
UPLOAD_SECONDS = 600  # for more than a form without files brings
THROWN_AWAY = 20_000_000  # bytes beyond what is kept
FILE_NAME = re.compile(rb'filename\*?="?[^"\r\n]')
UPLOADS = {re.compile(path): most for path, most in settings.UPLOADS.items()}
TOO_MUCH = 413, _("That is more than may be sent at once. Go back: your words are still there.")
TOO_SLOW = 408, _("That came too slowly. Go back and send it again.")
SIGNED_OUT = 403, _("You are not signed in any more. Sign in in another tab, then send it again.")


class RefusedBody(Exception):
    """What a request brings is too much, or comes too slowly; the arguments are status and words of the answer."""


async def receive(scope: Any, protocol: Any, body: BinaryIO, threads: ThreadPoolExecutor) -> None:
    """Read what a request brings into `body`; raise RefusedBody for more than it may.

    More than a form without files needs is for who is signed in. Somewhat more than is allowed is read and thrown
    away, as browsers show no answer before they have sent all.
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
                await throw_away(chunks)
                raise RefusedBody(*refusal)
    except TimeoutError as error:
        raise RefusedBody(*TOO_SLOW) from error
    body.seek(0)


async def chunks_of(protocol: Any) -> AsyncGenerator[bytes]:
    """Give what comes in an order that can be gone on with, as granian's own may be asked for once only."""
    async for chunk in protocol:
        yield chunk


async def fill(body: BinaryIO, chunks: AsyncGenerator[bytes], most: int) -> bytes | None:
    """Write what comes into `body`, up to `most` bytes; return the chunk that is more, None for all of it."""
    async for chunk in chunks:
        if body.tell() + len(chunk) > most:
            return chunk
        body.write(chunk)
    return None


async def throw_away(chunks: AsyncGenerator[bytes]) -> None:
    size = 0
    async for chunk in chunks:
        size += len(chunk)
        if size > THROWN_AWAY:
            return


async def in_thread(threads: ThreadPoolExecutor, question: Callable, *arguments: Any) -> Any:
    return await asyncio.get_running_loop().run_in_executor(threads, question, *arguments)


def is_signed_in(environ: dict[str, Any]) -> bool:
    """Tell whether somebody who is signed in asks, before Django gets the request."""
    request = WSGIRequest(environ)
    try:
        SessionMiddleware(lambda _: None).process_request(request)
        return get_user(request).is_authenticated
    finally:
        connection.close()


def has_files(scope: Any, body: BinaryIO) -> bool:
    """Tell whether a request brings files, as more than a form needs always is."""
    if not scope.headers.get("content-type", "").startswith("multipart/"):
        return False
    start = body.read(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
    has_more = bool(body.read(1))
    body.seek(0)
    return has_more or bool(FILE_NAME.search(start))


def environ(scope: Any, body: BinaryIO) -> dict[str, Any]:
    """Describe a request as WSGI does (PEP 3333)."""
    host, _, port = scope.server.rpartition(":")
    described = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(scope.path).decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": host,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    if scope.authority:
        described["HTTP_HOST"] = scope.authority
    for name, value in scope.headers.items():
        if "_" in name:
            continue  # else X_Forwarded_For would be taken for what a proxy says with hyphens
        key = name.upper().replace("-", "_")
        described[key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"] = value
    return described
