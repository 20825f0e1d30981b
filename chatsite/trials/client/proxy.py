"""A network that fails on request: a proxy in front of a site."""

import socket
import threading
from contextlib import suppress


class Proxy:
    """Forwards bytes to a port. Once cut, it refuses connections until it is mended."""

    def __init__(self, target: int, seconds: float | None = None) -> None:
        self.target, self.seconds, self.is_cut = target, seconds, False
        self.sockets: set[socket.socket] = set()
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = self.server.getsockname()[1]

    def __enter__(self) -> "Proxy":
        threading.Thread(target=self.accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.close()
        self.cut()

    def accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self.server.accept()
                try:
                    if self.is_cut:
                        raise ConnectionRefusedError
                    site = socket.create_connection(("127.0.0.1", self.target))
                except ConnectionRefusedError:
                    client.close()
                else:
                    self.join(client, site)

    def join(self, client: socket.socket, site: socket.socket) -> None:
        self.sockets |= {client, site}
        for source, target in ((client, site), (site, client)):
            threading.Thread(target=self.forward, args=(source, target), daemon=True).start()
        if self.seconds:
            cut = threading.Timer(self.seconds, self.end, [client, site])
            cut.daemon = True
            cut.start()

    def forward(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
        self.end(source, target)

    def end(self, *sockets: socket.socket) -> None:
        for each in sockets:
            self.sockets.discard(each)
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def cut(self) -> None:
        self.is_cut = True
        self.end(*self.sockets)

    def mend(self) -> None:
        self.is_cut = False
