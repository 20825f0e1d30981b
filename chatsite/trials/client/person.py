"""A person who uses a site over HTTP, as a browser does."""

import asyncio
import re
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from chatsite.trials.client.articles import Article, articles

PASSWORD = "correct horse battery"
BROKEN = (OSError, asyncio.IncompleteReadError, TimeoutError)
ANSWER_TIMEOUT_SECONDS = 15
REUSED_FOR_SECONDS = 1  # far below the time after which the server ends an idle connection


@dataclass(frozen=True)
class Answer:
    """The answer to one request."""

    status: int
    headers: dict[str, str]
    body: str = ""


@dataclass(frozen=True)
class Event:
    """One server-sent event; a reconnect sends its `id` back."""

    name: str
    data: str
    id: str

    @cached_property
    def articles(self) -> list[Article]:
        return articles(self.data)


@dataclass
class Person:
    """One person with one browser: cookies, and a connection that is reused."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    connection: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
    answered: float = 0

    async def sign_up(self, name: str) -> "Person":
        """Make an account; the first is the owner's, who lets everybody else sign up."""
        page = await self.get("/accounts/signup/")
        form = {
            "display_name": name,
            "username": name,
            "email": f"{name}@example.org",
            "password": PASSWORD,
            "workspace_name": "Trial",
        }
        answer = await self.post("/accounts/signup/", form)
        assert answer.status == 302, answer.body
        if "workspace_name" in page.body:
            answer = await self.post("/settings/workspace/", {"name": "Trial", "sign_up": "open"})
            assert answer.status == 302, answer.body
        return self

    async def start(self, title: str, kind: str = "open", people: tuple[str, ...] = ()) -> int:
        """Start a conversation; return its id."""
        await self.get("/c/new/")
        answer = await self.post("/c/new/", {"title": title, "kind": kind, "people": people})
        found = re.search(r"/c/(\d+)/", answer.headers["location"])
        assert found, answer.headers
        return int(found[1])

    async def send(self, conversation: int, content: str, key: UUID | None = None) -> int | None:
        """Post a message; return its id, None if the site did not accept it."""
        form = {"content": content, "client_key": key or uuid4()}
        answer = await self.post(f"/c/{conversation}/messages/", form)
        found = re.search(r"#m(\d+)$", answer.headers.get("location", ""))
        return int(found[1]) if answer.status == 302 and found else None

    async def send_for_sure(self, conversation: int, content: str, retries: list[str]) -> int:
        """Post a message as a patient person does: send it again, with the same key, until it is acknowledged."""
        key = uuid4()
        while True:
            with suppress(*BROKEN):
                if message := await self.send(conversation, content, key):
                    return message
            retries.append(content)
            await asyncio.sleep(0.1)

    async def get(self, path: str) -> Answer:
        """Request a page; try again once, because the reused connection may have ended."""
        try:
            return await self.ask("GET", path)
        except BROKEN:
            return await self.ask("GET", path)

    async def post(self, path: str, form: dict[str, Any]) -> Answer:
        return await self.ask("POST", path, urlencode(form, doseq=True).encode())

    async def upload(self, path: str, form: dict[str, Any], name: str, content: str) -> Answer:
        """Post a form with one text file."""
        boundary, parts = uuid4().hex, [(f'name="{field}"', str(value)) for field, value in form.items()]
        parts.append((f'name="files"; filename="{name}"', content))
        body = "".join(
            f"--{boundary}\r\nContent-Disposition: form-data; {head}\r\n\r\n{text}\r\n" for head, text in parts
        )
        kind = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        return await self.ask("POST", path, f"{body}--{boundary}--\r\n".encode(), kind)

    async def ask(self, method: str, path: str, body: bytes = b"", extra: dict[str, str] | None = None) -> Answer:
        try:
            async with asyncio.timeout(ANSWER_TIMEOUT_SECONDS):
                if time.monotonic() - self.answered > REUSED_FOR_SECONDS or self.is_hung_up():
                    self.hang_up()  # else the server might end it just as the request arrives
                reader, writer = self.connection = self.connection or await self.connect()
                writer.write(self.head(method, path, body, extra) + body)
                answer = await read_head(reader)
                size = int(answer.headers.get("content-length", 0))
                text = (await reader.readexactly(size)).decode()
                self.answered = time.monotonic()
        except BaseException:
            self.hang_up()
            raise
        for line in answer.headers.get("set-cookie", "").splitlines():
            self.cookies |= {name: cookie.value for name, cookie in SimpleCookie(line).items()}
        return Answer(answer.status, answer.headers, text)

    async def listen(self, conversation: int, after: int, last: str = "") -> AsyncIterator[Event]:
        """Yield the events of a stream until it ends; the first, named '', says that it has begun."""
        path = f"/events/?conversation={conversation}&after={after}"
        reader, writer = await self.connect()
        try:
            writer.write(self.head("GET", path, extra={"Last-Event-ID": last} if last else {}))
            answer = await read_head(reader)
            if answer.status != 200:
                raise ConnectionError(f"the stream was answered {answer.status}")
            async for event in events(reader):
                yield event
        finally:
            writer.close()

    def head(self, method: str, path: str, body: bytes = b"", extra: dict[str, str] | None = None) -> bytes:
        headers = {
            "Host": f"localhost:{self.port}",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "X-CSRFToken": self.cookies.get("csrftoken", ""),
            "Content-Type": "application/x-www-form-urlencoded",
            "Content-Length": str(len(body)),
        } | (extra or {})
        return "\r\n".join([f"{method} {path} HTTP/1.1", *map(": ".join, headers.items()), "", ""]).encode()

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection("127.0.0.1", self.port, limit=2**24)

    def is_hung_up(self) -> bool:
        return self.connection is not None and self.connection[0].at_eof()

    def hang_up(self) -> None:
        if self.connection:
            self.connection[1].close()
            self.connection = None


async def read_head(reader: asyncio.StreamReader) -> Answer:
    first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().strip().split("\r\n")
    headers: dict[str, str] = {}
    for name, _, value in (line.partition(": ") for line in lines):
        headers[name.lower()] = f"{headers.get(name.lower(), '')}\n{value}".strip()
    return Answer(int(first.split()[1]), headers)


async def events(reader: asyncio.StreamReader) -> AsyncIterator[Event]:
    """Yield the events of a chunked stream until it ends."""
    waiting = ""
    while True:
        try:
            size = int(await reader.readline() or b"0", 16)
            chunk = await reader.readexactly(size + 2)
        except BROKEN:
            return
        if not size:
            return
        *whole, waiting = (waiting + chunk[:-2].decode()).split("\n\n")
        for words in whole:
            fields: dict[str, list[str]] = {}
            for name, _, value in (line.partition(": ") for line in words.split("\n")):
                fields.setdefault(name, []).append(value)
            last = fields.get("id", [""])[-1]
            yield Event("".join(fields.get("event", [])), "\n".join(fields.get("data", [])), last)
