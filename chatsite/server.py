"""The site as a worker process of our own server runs it, on one port: an RSGI application for granian.

Requests are read as they come, however slowly; only a whole one takes one of the threads in which Django answers, so
a visitor who sends a byte a minute holds up nobody. Streams begin as requests that Django answers with a Subscription;
then they are coroutines, which hold neither a thread nor a connection to the database.
"""

import asyncio
import multiprocessing
import os
import signal
import sys
import tempfile
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, BinaryIO
from urllib.parse import unquote_to_bytes

from django.conf import settings
from granian.rsgi import ProtocolClosed

from chatsite.wsgi import application
from conversations.live.frames import WELCOME
from conversations.live.hub import Hub
from conversations.live.stream import Stream
from conversations.live.subscription import StreamResponse, Subscription

PAGE_THREADS = 4  # more of them only help while they wait for the database: they share one interpreter lock
BODY_SECONDS = 60
THROWN_AWAY = 20_000_000  # bytes beyond what is kept
PLAIN = [
    ("content-type", "text/plain; charset=utf-8"),
    ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", settings.SECURE_REFERRER_POLICY),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", settings.CROSS_ORIGIN_RESOURCE_POLICY),
    ("permissions-policy", settings.PERMISSIONS_POLICY),
]


class RefusedBody(Exception):
    """What a request brings is too much, or comes too slowly; the arguments are status and words of the answer."""


class Server:
    """Answers the requests of one worker process with the pages of a WSGI application."""

    def __init__(self, pages: Callable) -> None:
        self.pages = pages
        self.threads = ThreadPoolExecutor(PAGE_THREADS, thread_name_prefix="page")
        self.hub = Hub()

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.hub_task = loop.create_task(self.hub.run())
        for number in (signal.SIGTERM, signal.SIGINT):
            # Beside granian's own handler, which asyncio keeps calling: it waits for streams to end, but ends none.
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(self.hub.drain))

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        with tempfile.SpooledTemporaryFile(settings.DATA_UPLOAD_MAX_MEMORY_SIZE) as body:
            try:
                await receive(scope, protocol, body)
            except RefusedBody as refused:
                status, words = refused.args
                answer = status, PLAIN, words.encode()
            else:
                loop = asyncio.get_running_loop()
                answer = await loop.run_in_executor(self.threads, self.page, environ(scope, body))
        with suppress(ProtocolClosed):  # who asked has left
            if isinstance(answer[2], Subscription):
                await self.stream(protocol, *answer[1:])
            else:
                protocol.response_bytes(*answer)

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

    def page(self, environ: dict[str, Any]) -> tuple[int, list[tuple[str, str]], bytes | Subscription]:
        """Let Django answer: (status, headers, body, or what is to be streamed instead of one)."""
        answer: list[Any] = []
        chunks = self.pages(environ, lambda status, headers, _=None: answer.extend((status, headers)))
        try:
            body = b"".join(chunks)
        finally:
            chunks.close()
        status, headers = int(answer[0][:3]), [(name.lower(), value) for name, value in answer[1]]
        return status, headers, chunks.subscription if isinstance(chunks, StreamResponse) else body


async def receive(scope: Any, protocol: Any, body: BinaryIO) -> None:
    """Read what a request brings into `body`; raise RefusedBody for more than a form may hold.

    Somewhat more is read and thrown away, as browsers show no answer before they have sent all.
    """
    if scope.method in ("GET", "HEAD"):
        return
    most, size = settings.UPLOADS.get(scope.path, settings.DATA_UPLOAD_MAX_MEMORY_SIZE), 0
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in protocol:
                size += len(chunk)
                if size <= most:
                    body.write(chunk)
                elif size > most + THROWN_AWAY:
                    break
    except TimeoutError as error:
        raise RefusedBody(408, "That came too slowly. Go back and send it again.\n") from error
    if size > most:
        raise RefusedBody(413, "That is more than a form may hold. Go back: your words are still there.\n")
    body.seek(0)


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
