"""Starting the embedded PostgreSQL as a program of its own, also after one that was killed."""

import subprocess
import sys
import time
from contextlib import suppress
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
from chatsite.postgres.parameters import SETTINGS
from chatsite.postgres.unprivileged import hand_over, unprivileged

RECOVERY_SECONDS = 600  # a crash under heavy writing leaves minutes of work
QUIET_SECONDS = 2  # after which a start says what it waits for
HELPERS_SECONDS = 60
MAX_LOG_BYTES = 5_000_000


def answers(folder: Path) -> bool:
    """Tell whether the server accepts connections."""
    try:
        psycopg.connect(**connection(folder) | {"dbname": "postgres"}, connect_timeout=5).close()
    except psycopg.OperationalError as error:
        if "password authentication failed" in str(error):
            raise PostgresError(f"{folder / 'password'} is not this database's: put the right one back") from error
        return False
    return True


def start(folder: Path) -> subprocess.Popen:
    """Start the server, making its files if there are none, and wait until it accepts connections."""
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
    """Begin a new log if the last one is long, and keep that one."""
    if log.exists() and log.stat().st_size > MAX_LOG_BYTES:
        log.replace(log.with_suffix(".1"))


def forget_dead_server(data: Path, sockets: Path) -> None:
    """Remove the lock files of a killed server, which PostgreSQL could mistake for those of a living one.

    It does so if the process is a zombie, as nobody in some containers waits for orphans, or if the id is another
    program's by now. The killed server's helpers notice and end; until then the files are theirs.
    """
    pid_file = data / "postmaster.pid"
    if not pid_file.exists() or int(pid_file.read_text().split()[0]) in processes_in(data):
        return
    wait_for_helpers(data)
    for lock in (pid_file, sockets / ".s.PGSQL.5432.lock"):
        lock.unlink(missing_ok=True)


def wait_for_helpers(data: Path) -> None:
    deadline = time.monotonic() + HELPERS_SECONDS
    while processes_in(data):
        if time.monotonic() > deadline:
            raise PostgresError(f"processes of a killed server still work in {data}: end them, then start again")
        time.sleep(0.05)


def processes_in(data: Path) -> set[int]:
    """Find the living processes of a server by the folder they work in."""
    found = set()
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.status() != psutil.STATUS_ZOMBIE and process.cwd() == str(data.resolve()):
                found.add(process.pid)
    return found


def launch(folder: Path, sockets: Path) -> subprocess.Popen:
    hand_over(folder, sockets)
    with (folder / "log").open("a") as log:
        started_at = log.tell()
        server = subprocess.Popen(
            [BINARIES / "postgres", "-D", folder / "data", *arguments(sockets)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,  # Ctrl-C in the terminal is for the web server, which has to go first
            **unprivileged(),
        )
    wait_for_start(folder, server, started_at)
    return server


def arguments(sockets: Path) -> list[str]:
    settings = SETTINGS | {"unix_socket_directories": sockets}
    return [argument for name, value in settings.items() for argument in ("-c", f"{name}={value}")]


def wait_for_start(folder: Path, server: subprocess.Popen, started_at: int) -> None:
    began, is_told = time.monotonic(), False
    while not answers(folder):
        waited = time.monotonic() - began
        if server.poll() is not None or waited > RECOVERY_SECONDS:
            words = (folder / "log").read_bytes()[started_at:].decode(errors="replace")
            raise PostgresError(f"{explanation(words)} (the whole story: {folder / 'log'})")
        if waited > QUIET_SECONDS and not is_told:
            print("PostgreSQL recovers from its last stop …", file=sys.stderr, flush=True)  # noqa: T201
            is_told = True
        time.sleep(0.02)


def create_database(folder: Path) -> None:
    with psycopg.connect(**connection(folder) | {"dbname": "postgres"}, autocommit=True) as postgres:
        if not postgres.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            postgres.execute(f"CREATE DATABASE {DATABASE}")
