"""Load: many connections that each send the next request as soon as the last is answered, and check each answer."""

import asyncio
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
Check = Callable[[int, bytes], bool]


@dataclass
class Load:
    """The seconds that each answer took, the seconds of the whole load, and the bytes of all answers."""

    waits: list[float] = field(default_factory=list)
    seconds: float = 0
    size: int = 0

    @property
    def per_second(self) -> float:
        return len(self.waits) / self.seconds


class Client(asyncio.Protocol):
    """One connection. A wrong answer ends the whole load with an error."""

    def __init__(self, requests: Iterator[bytes], is_right: Check, load: Load, until: float) -> None:
        self.requests, self.is_right, self.load, self.until = requests, is_right, load, until
        self.done: asyncio.Future = asyncio.get_running_loop().create_future()
        self.buffer = bytearray()
        self.length: int | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self.transport = transport
        self.send()

    def send(self) -> None:
        self.began = time.perf_counter()
        self.transport.write(next(self.requests))

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        if self.length is None and (end := self.buffer.find(b"\r\n\r\n")) >= 0:
            match = LENGTH.search(self.buffer, 0, end)
            self.length = end + 4 + (int(match[1]) if match else 0)
        if self.length is not None and len(self.buffer) >= self.length:
            self.answered()

    def answered(self) -> None:
        now, status = time.perf_counter(), int(self.buffer[9:12])
        self.load.waits.append(now - self.began)
        self.load.size += len(self.buffer)
        if not self.is_right(status, bytes(self.buffer)):
            self.done.set_exception(AssertionError(f"a wrong answer, {status}: {bytes(self.buffer[:2000])!r}"))
            self.transport.close()
            return
        self.buffer.clear()
        self.length = None
        if now < self.until:
            self.send()
        else:
            self.transport.close()
            self.done.set_result(None)

    def connection_lost(self, error: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(error or ConnectionError("the server has closed a connection"))


async def apply_load(port: int, requests: Iterator[bytes], is_right: Check, connections: int, seconds: float) -> Load:
    """Send `requests` on several connections for `seconds`; raise AssertionError at the first wrong answer."""
    load, began = Load(), time.perf_counter()
    loop, clients = asyncio.get_running_loop(), []
    for _ in range(connections):
        make = lambda: Client(requests, is_right, load, began + seconds)  # noqa: E731 – called once, immediately
        clients.append((await loop.create_connection(make, "127.0.0.1", port))[1])
    await asyncio.gather(*(client.done for client in clients))
    load.seconds = time.perf_counter() - began
    return load
