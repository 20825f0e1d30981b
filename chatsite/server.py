"""The site as a worker process of our own server runs it, on one port: an RSGI application for granian.

Requests are read as they come, however slowly; only a whole one takes one of the threads in which Django answers, so
a visitor who sends a byte a minute holds up nobody. Streams begin as requests that Django answers with a Subscription;
then they are coroutines, which hold neither a thread nor a connection to the database.
"""

import asyncio
import multiprocessing
import os
import re
import signal
import sys
import tempfile
import threading
from collections.abc import AsyncGenerator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from typing import Any, BinaryIO
from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.handlers.wsgi import WSGIRequest
from django.db import connection
from django.http import StreamingHttpResponse
from granian.rsgi import ProtocolClosed

from chatsite.wsgi import application
from conversations.live.frames import WELCOME
from conversations.live.hub import Hub
from conversations.live.stream import Stream
from conversations.live.subscription import StreamResponse, Subscription

PAGE_THREADS = 4  # more of them only help while they wait for the database: they share one interpreter lock
UPLOAD_THREADS = 2  # in which files are received, whose pictures take their time, so that pages need not wait
BODY_SECONDS = 60
UPLOAD_SECONDS = 600  # for more than a form without files brings
THROWN_AWAY = 20_000_000  # bytes beyond what is kept
FILE_NAME = re.compile(rb'filename\*?="?[^"\r\n]')
PLAIN = [
    ("content-type", "text/plain; charset=utf-8"),
    ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", settings.SECURE_REFERRER_POLICY),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", settings.CROSS_ORIGIN_RESOURCE_POLICY),
    ("permissions-policy", settings.PERMISSIONS_POLICY),
]


UPLOADS = {re.compile(path): most for path, most in settings.UPLOADS.items()}
TOO_MUCH = 413, "That is more than may be sent at once. Go back: your words are still there.\n"
SIGNED_OUT = 403, "You are not signed in any more. Sign in in another tab, then send it again.\n"


class RefusedBody(Exception):
    """What a request brings is too much, or comes too slowly; the arguments are status and words of the answer."""


class Server:
    """Answers the requests of one worker process with the pages of a WSGI application."""

    def __init__(self, pages: Callable) -> None:
        self.pages = pages
        self.threads = ThreadPoolExecutor(PAGE_THREADS, thread_name_prefix="page")
        self.upload_threads = ThreadPoolExecutor(UPLOAD_THREADS, thread_name_prefix="upload")
        self.hub = Hub()

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.hub_task = loop.create_task(self.hub.run())
        for number in (signal.SIGTERM, signal.SIGINT):
            # Beside granian's own handler, which asyncio keeps calling: it waits for streams to end, but ends none.
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(self.hub.drain))

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        with tempfile.SpooledTemporaryFile(settings.DATA_UPLOAD_MAX_MEMORY_SIZE) as body:
            try:
                await self.receive(scope, protocol, body)
            except RefusedBody as refused:
                status, words = refused.args
                answer = status, PLAIN, words.encode()
            else:
                threads = self.upload_threads if has_files(scope, body) else self.threads
                answer = await in_thread(threads, self.page, environ(scope, body))
        with suppress(ProtocolClosed):  # who asked has left
            match answer:
                case status, headers, bytes(content):
                    protocol.response_bytes(status, headers, content)
                case status, headers, (path, start, end):
                    protocol.response_file_range(status, headers, path, start, end)
                case status, headers, StreamingHttpResponse() as chunks:
                    await self.pass_on(protocol.response_stream(status, headers), chunks)
                case _, headers, subscription:
                    await self.stream(protocol, headers, subscription)

    async def receive(self, scope: Any, protocol: Any, body: BinaryIO) -> None:
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
                    if await in_thread(self.threads, is_signed_in, environ(scope, body)):
                        limit.reschedule(asyncio.get_running_loop().time() + UPLOAD_SECONDS)
                        body.write(rest)
                        rest = await fill(body, chunks, allowed)
                    else:
                        refusal = SIGNED_OUT
                if rest:
                    await throw_away(chunks)
                    raise RefusedBody(*refusal)
        except TimeoutError as error:
            raise RefusedBody(408, "That came too slowly. Go back and send it again.\n") from error
        body.seek(0)

    async def stream(self, protocol: Any, headers: list[tuple[str, str]], subscription: Subscription) -> None:
        """Send what happens, as it happens, until one side ends it."""
        stream = Stream(subscription)
        headers = [header for header in headers if header[0] != "content-length"]
        transport = protocol.response_stream(200, headers)
        stream.push(WELCOME)
        self.hub.welcome(stream)
        joining = asyncio.create_task(self.hub.join(stream, subscription))
        try:
            while waiting := await stream.waiting():
                await transport.send_bytes(waiting)
        finally:
            joining.cancel()
            self.hub.leave(stream)

    async def pass_on(self, transport: Any, chunks: StreamingHttpResponse) -> None:
        """Send a file that lies elsewhere as it comes from there, piece by piece."""
        pieces = iter(chunks)
        try:
            while piece := await in_thread(self.threads, next, pieces, b""):
                await transport.send_bytes(piece)
        finally:
            await in_thread(self.threads, chunks.close)

    def page(self, environ: dict[str, Any]) -> tuple[int, list[tuple[str, str]], Any]:
        """Let Django answer: (status, headers, body, or what is to be sent or streamed instead of one).

        A file on this machine is (path, from, up to and without). None is read into our memory.
        """
        answer: list[Any] = []
        chunks = self.pages(environ, lambda status, headers, _=None: answer.extend((status, headers)))
        if getattr(chunks, "on_disk", ()) is None:  # a file that lies elsewhere, which is closed when it has gone
            connection.close()
            body = chunks
        else:
            with closing(chunks):
                body = getattr(chunks, "on_disk", None) or b"".join(chunks)
        status, headers = int(answer[0][:3]), [(name.lower(), value) for name, value in answer[1]]
        return status, headers, chunks.subscription if isinstance(chunks, StreamResponse) else body


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


def end_with_parent() -> None:
    """End this worker when its parent is gone, however it went: it would keep the port from the next start."""
    if parent := multiprocessing.parent_process():
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)


threading.Thread(target=end_with_parent, name="end with parent", daemon=True).start()
server = Server(application)
