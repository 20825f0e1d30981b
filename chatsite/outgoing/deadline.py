"""A deadline for a whole call: with timeouts for each read alone, a host that sends a byte a second would hold it."""

import socket
import threading
from contextlib import suppress
from typing import Any, Self

running = threading.local()


class Deadline:
    """Ends, after some seconds, the connection that this thread uses within the `with` block."""

    def __init__(self, seconds: float) -> None:
        self.is_over = False
        self.sockets: list[socket.socket] = []
        self.timer = threading.Timer(seconds, self.end)
        self.timer.daemon = True

    def __enter__(self) -> Self:
        running.deadline = self
        self.timer.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.timer.cancel()
        running.deadline = None

    def watch(self, connected: socket.socket) -> None:
        self.sockets.append(connected)
        if self.is_over:
            self.end()

    def end(self) -> None:
        self.is_over = True
        for connected in self.sockets:
            with suppress(OSError):
                connected.shutdown(socket.SHUT_RDWR)


def watched(pool: type[Any]) -> type[Any]:
    """Return this class of connection pools, with connections that the deadline of their thread ends."""

    base: Any = pool.ConnectionCls

    class Connection(base):
        def _new_conn(self) -> socket.socket:
            connected = super()._new_conn()
            running.deadline.watch(connected)  # for the handshake of TLS
            return connected

        def getresponse(self) -> Any:
            running.deadline.watch(self.sock)
            return super().getresponse()

    return type("WatchedPool", (pool,), {"ConnectionCls": Connection})
