"""What the kernel knows of a client's connection: how much the client has taken, and how much waits for it."""

import fcntl
import os
import socket
import stat
import struct
import termios
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

DESCRIPTORS = Path("/proc/self/fd")  # Linux only: elsewhere nothing is known of any client
ACKNOWLEDGED = struct.Struct("=Q")
ACKNOWLEDGED_OFFSET = 120  # of tcpi_bytes_acked in struct tcp_info of linux/tcp.h
PENDING = struct.Struct("=i")


@dataclass(frozen=True)
class Progress:
    """Bytes of a connection: `acknowledged` by the client in all, and `pending` in the kernel."""

    descriptor: int
    acknowledged: int
    pending: int


def read_progress(clients: Mapping[str, int | None]) -> dict[str, Progress]:
    """Read how far these clients are, given by address, each with its descriptor if that is known.

    Clients whose connection has ended are left out.
    """
    found = {}
    for client, descriptor in clients.items():
        if descriptor is not None and (progress := progress_of(descriptor, {client})):
            found[client] = progress[1]
    missing = clients.keys() - found.keys()
    for descriptor in open_descriptors() if missing else ():
        if progress := progress_of(descriptor, missing):
            found[progress[0]] = progress[1]
    return found


def end_connection(client: str, descriptor: int | None = None) -> None:
    """End the connection of a client, so that the server drops what it holds for it."""
    for progress in read_progress({client: descriptor}).values():
        with suppress(OSError), borrow(progress.descriptor) as connection:
            connection.shutdown(socket.SHUT_RDWR)


def progress_of(descriptor: int, clients: Collection[str]) -> tuple[str, Progress] | None:
    """Read how far the client of a descriptor is; None if it is not one of `clients`."""
    with suppress(OSError), borrow(descriptor) as connection:
        if (client := address_of(connection)) not in clients:
            return None
        information = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 256)
        [acknowledged] = ACKNOWLEDGED.unpack_from(information, ACKNOWLEDGED_OFFSET)
        [pending] = PENDING.unpack(fcntl.ioctl(connection, termios.TIOCOUTQ, bytes(PENDING.size)))
        return client, Progress(descriptor, acknowledged, pending)
    return None  # it is no connection, or it has ended meanwhile


def borrow(descriptor: int) -> socket.socket:
    """Open the socket of a descriptor again, so that closing it leaves it to the server; raise OSError for others."""
    if not stat.S_ISSOCK(os.fstat(descriptor).st_mode):
        raise OSError(f"descriptor {descriptor} is no socket")
    return socket.socket(fileno=os.dup(descriptor))


def address_of(connection: socket.socket) -> str:
    """Return the address of the other side, written as the server writes it."""
    if connection.family not in (socket.AF_INET, socket.AF_INET6):
        return ""
    host, port = connection.getpeername()[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def open_descriptors() -> list[int]:
    return [int(each.name) for each in DESCRIPTORS.iterdir()] if DESCRIPTORS.is_dir() else []
