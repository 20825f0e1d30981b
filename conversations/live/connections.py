"""What the kernel knows about a client's connection: how much the client has received, and how much is pending."""

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

DESCRIPTORS = Path("/proc/self/fd")  # only on Linux: elsewhere nothing is known about clients
ACKNOWLEDGED = struct.Struct("=Q")
ACKNOWLEDGED_OFFSET = 120  # of tcpi_bytes_acked in struct tcp_info of linux/tcp.h
PENDING = struct.Struct("=i")


@dataclass(frozen=True)
class Progress:
    """Bytes of a connection: `acknowledged` by the client in total, and `pending` in the kernel."""

    descriptor: int
    acknowledged: int
    pending: int


def read_progress(clients: Mapping[str, int | None]) -> dict[str, Progress]:
    """Read the progress of clients, given as {address: descriptor, or None if it is unknown}.

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
    """End the connection of a client, so that the server frees what it holds for the client."""
    for progress in read_progress({client: descriptor}).values():
        with suppress(OSError), borrow(progress.descriptor) as connection:
            connection.shutdown(socket.SHUT_RDWR)


def progress_of(descriptor: int, clients: Collection[str]) -> tuple[str, Progress] | None:
    """Read the progress of the client behind a descriptor; None if it is not one of `clients`."""
    with suppress(OSError), borrow(descriptor) as connection:
        if (client := client_of(connection)) not in clients:
            return None
        information = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 256)
        [acknowledged] = ACKNOWLEDGED.unpack_from(information, ACKNOWLEDGED_OFFSET)
        [pending] = PENDING.unpack(fcntl.ioctl(connection, termios.TIOCOUTQ, bytes(PENDING.size)))
        return client, Progress(descriptor, acknowledged, pending)
    return None  # it is not a connection, or has ended meanwhile


def borrow(descriptor: int) -> socket.socket:
    """Duplicate the socket of a descriptor, so that closing it does not affect the server; raise OSError otherwise."""
    if not stat.S_ISSOCK(os.fstat(descriptor).st_mode):
        raise OSError(f"descriptor {descriptor} is not a socket")
    return socket.socket(fileno=os.dup(descriptor))


def client_of(connection: socket.socket) -> str:
    """Return the address of the client, written as the server writes it."""
    if connection.family not in (socket.AF_INET, socket.AF_INET6):
        return ""
    host, port = connection.getpeername()[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def open_descriptors() -> list[int]:
    return [int(each.name) for each in DESCRIPTORS.iterdir()] if DESCRIPTORS.is_dir() else []
