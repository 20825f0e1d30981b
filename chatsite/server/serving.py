"""A server of one worker process, for granian: pages and streams of a WSGI application on one port.

Requests are read as they arrive, however slowly. Only a complete request occupies one of Django's threads, so a visitor
who sends a byte a minute delays nobody. A stream begins as a request that Django answers with a Subscription; then it
is a coroutine, which holds neither a thread nor a connection to the database.
"""

import asyncio
import gc
import io
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Hashable
from contextlib import AbstractAsyncContextManager, closing, nullcontext, suppress
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import StreamingHttpResponse
from granian.rsgi import ProtocolClosed

from accounts.middleware import PERSON
from chatsite.deliveries.deliverer import Deliverer
from chatsite.jobs.worker import Worker
from chatsite.middleware import REFUSAL
from chatsite.server.admission import Sender, admit
from chatsite.server.bodies import in_thread, leave_first_fields, receive
from chatsite.server.environ import environ
from chatsite.server.sharing import OVERLOADED, TOO_MANY_REQUESTS, Sessions, TooManyWaiting, WorkerSeconds
from chatsite.server.threads import Pool, Threads
from chatsite.server.unfinished import MEMORY_BYTES, RefusedBody, Unfinished
from conversations.live.hub import Hub
from conversations.live.subscription import StreamResponse, Subscription

ALIVE = "/healthz"
# Django renders that page only once, as it is the same for everybody.
ALIVE_REQUEST = {
    "REQUEST_METHOD": "GET",
    "PATH_INFO": ALIVE,
    "SERVER_NAME": "localhost",
    "SERVER_PORT": "80",
    "wsgi.input": io.BytesIO(),
    "wsgi.url_scheme": "https",
    "HTTP_X_FORWARDED_PROTO": "https",
}
SWITCH_SECONDS = 0.001  # between threads that compute: with Python's 0.005 a long page delays every step of the others
SECONDS = "chatsite.seconds"  # a key of the WSGI environment: how long a thread worked for the request
# Waiting, as for a long query, counts as work up to this multiple of the CPU time. Otherwise visitors would be charged
# for a slow machine or database, which is not their doing.
WAITING_FACTOR = 4


class Server:
    """Answers the requests of one worker process with the pages of a WSGI application."""

    def __init__(self, pages: Callable) -> None:
        self.pages = pages
        self.threads = Threads()
        self.unfinished, self.sessions, self.seconds = Unfinished(), Sessions(), WorkerSeconds()
        self.alive = self.page(dict(ALIVE_REQUEST))
        self.overloaded = self.page(ALIVE_REQUEST | {"PATH_INFO": "/", REFUSAL: OVERLOADED})
        self.deliverer, self.worker = Deliverer(), Worker()
        self.hub = Hub(on_change=self.deliverer.wake)

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        sys.setswitchinterval(SWITCH_SECONDS)
        gc.freeze()  # startup objects are permanent; not scanning them saves 2.5 % of a request
        self.hub_task = loop.create_task(self.hub.run())
        if settings.JOBS:
            self.worker.start()
            self.deliverer.start()
        for number in (signal.SIGTERM, signal.SIGINT):
            # asyncio still calls granian's own handler, which waits for streams but does not end them.
            signal.signal(number, lambda *_: self.end(loop))

    def __rsgi_del__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.worker.stop()
        self.deliverer.stop()

    def end(self, loop: asyncio.AbstractEventLoop) -> None:
        """Begin to shut down: streams reconnect to other processes, jobs and deliveries are finished or handed back."""
        loop.call_soon_threadsafe(self.hub.drain)
        self.worker.stop()
        self.deliverer.stop()

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        if scope.path == ALIVE and scope.method in ("GET", "HEAD"):
            return protocol.response_bytes(*self.alive)  # by the loop itself, whatever the threads wait for
        with self.unfinished.body() as held, tempfile.SpooledTemporaryFile(MEMORY_BYTES) as body:
            try:
                await receive(scope, protocol, body, self.admit, held)
            except RefusedBody as refused:
                leave_first_fields(body)
                answer = await self.answer(environ(scope, body) | {REFUSAL: refused.args}, self.threads.pages)
            else:
                answer = await self.answer(environ(scope, body), self.threads.for_request(scope, body))
        with suppress(ProtocolClosed):  # the visitor has left
            match answer:
                case status, headers, bytes(content):
                    protocol.response_bytes(status, headers, content)
                case status, headers, (path, start, end):
                    protocol.response_file_range(status, headers, path, start, end)
                case status, headers, StreamingHttpResponse() as chunks:
                    await self.relay(protocol.response_stream(status, headers), chunks)
                case _, headers, subscription:
                    await self.stream(scope, protocol, headers, subscription)
        return None

    async def answer(self, environ: dict[str, Any], threads: Pool) -> Any:
        """Have Django answer a request, within what its sender may use of this process."""
        if not settings.LIMITS or threads is self.threads.health:
            return await in_thread(threads, self.page, environ)
        sender = self.sessions.sender(environ)
        try:
            async with self.turn(sender, threads):
                if wait := self.seconds.to_wait(sender):
                    environ[REFUSAL] = 429, TOO_MANY_REQUESTS, wait
                answer = await in_thread(threads, self.page, environ)
        except TooManyWaiting:
            return self.overloaded
        person = environ.get(PERSON)
        if person is not None:
            self.sessions.learn(environ, person)
        # What fails is a page from any threads: else a file that does not exist would be a page that costs nothing.
        if threads is self.threads.pages or HTTPStatus(answer[0]).is_client_error:
            self.seconds.spend(sender if person is None else person, environ[SECONDS])
        return answer

    async def admit(self, environ: dict[str, Any]) -> Sender:
        """Find out whether a large body is allowed, within what its sender may use; raise RefusedBody."""
        sender = self.sessions.sender(environ)
        if settings.LIMITS and (wait := self.seconds.to_wait(sender)):
            raise RefusedBody(429, TOO_MANY_REQUESTS, wait)
        try:
            async with self.turn(sender, self.threads.pages) if settings.LIMITS else nullcontext():
                return await in_thread(self.threads.pages, admit, environ)
        except TooManyWaiting as error:
            raise RefusedBody(*OVERLOADED) from error

    def turn(self, sender: Hashable, threads: Pool) -> AbstractAsyncContextManager[None]:
        """Wait until a sender may use a thread; raise TooManyWaiting."""
        is_page = threads is self.threads.pages
        share = threads.turn(sender)
        return self.seconds.turn(sender, share) if is_page else share

    async def stream(
        self, scope: Any, protocol: Any, headers: list[tuple[str, str]], subscription: Subscription
    ) -> None:
        """Send events as they happen, until one side ends the stream."""
        headers = [header for header in headers if header[0] != "content-length"]
        transport = protocol.response_stream(200, headers)
        stream = self.hub.welcome(subscription, scope.client, is_shared=scope.http_version.startswith("2"))
        joining = asyncio.create_task(self.hub.join(stream, subscription))
        try:
            while queued := await stream.next_bytes():
                await transport.send_bytes(queued)
        finally:
            joining.cancel()
            self.hub.leave(stream)

    async def relay(self, transport: Any, chunks: StreamingHttpResponse) -> None:
        """Send a file from remote storage piece by piece, as it arrives from there."""
        pieces = iter(chunks)
        try:
            while piece := await in_thread(self.threads.files, next, pieces, b""):
                await transport.send_bytes(piece)
        finally:
            await in_thread(self.threads.files, chunks.close)

    def page(self, environ: dict[str, Any]) -> tuple[int, list[tuple[str, str]], Any]:
        """Return Django's response as (status, headers, body); the body may also be a file or a subscription.

        A file on this machine is (path, start, end), with `end` exclusive: granian streams it from disk.
        """
        answer: list[Any] = []
        began, cpu_began = time.monotonic(), time.thread_time()
        chunks = self.pages(environ, lambda status, headers, _=None: answer.extend((status, headers)))
        if getattr(chunks, "on_disk", ()) is None:  # a file from remote storage, which `relay` closes
            connection.close()
            body = chunks
        else:
            with closing(chunks):
                body = getattr(chunks, "on_disk", None) or b"".join(chunks)
        cpu_seconds = time.thread_time() - cpu_began
        environ[SECONDS] = min(time.monotonic() - began, WAITING_FACTOR * cpu_seconds)
        status, headers = int(answer[0][:3]), [(name.lower(), value) for name, value in answer[1]]
        return status, headers, chunks.subscription if isinstance(chunks, StreamResponse) else body
