"""Start the embedded PostgreSQL as a separate program, even after the last one was killed."""

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
QUIET_SECONDS = 2  # after which a start prints why it takes so long
HELPERS_TIMEOUT_SECONDS = 60
MAX_LOG_BYTES = 5_000_000


def answers(folder: Path) -> bool:
    """Return whether the server accepts connections."""
    try:
        psycopg.connect(**connection(folder) | {"dbname": "postgres"}, connect_timeout=5).close()
    except psycopg.OperationalError as error:
        if "password authentication failed" in str(error):
            raise PostgresError(f"{folder / 'password'} is not the password of this database: restore it") from error
        return False
    return True


def start(folder: Path, is_explained: bool = True) -> subprocess.Popen:
    """Start the server, create its files if there are none, and wait until it accepts connections.

    If that takes long, `is_explained` prints why.
    """
    sockets = socket_folder(folder)
    try:
        make_private(sockets)
        if not (folder / "data").exists():
            initialise(folder)
        rotate_log(folder / "log")
        remove_stale_locks(folder / "data", sockets)
        server = launch(folder, sockets, is_explained)
        create_database(folder)
    except OSError as error:
        raise PostgresError(f"could not start PostgreSQL in {folder}: {error.strerror}") from error
    return server


def rotate_log(log: Path) -> None:
    """Rename a log that has become too large, so that a new one begins."""
    if log.exists() and log.stat().st_size > MAX_LOG_BYTES:
        log.replace(log.with_suffix(".1"))


def remove_stale_locks(data: Path, sockets: Path) -> None:
    """Remove the lock files of a killed server, which PostgreSQL could mistake for those of a running one.

    PostgreSQL does so if the killed process is still a zombie, as in containers without an init that reaps orphans, or
    if another program has got the same process id. The killed server's helper processes end by themselves; until then
    they still use the files.
    """
    pid_file = data / "postmaster.pid"
    if not pid_file.exists() or int(pid_file.read_text().split()[0]) in processes_in(data):
        return
    wait_for_helpers(data)
    for lock in (pid_file, sockets / ".s.PGSQL.5432.lock"):
        lock.unlink(missing_ok=True)


def wait_for_helpers(data: Path) -> None:
    deadline = time.monotonic() + HELPERS_TIMEOUT_SECONDS
    while processes_in(data):
        if time.monotonic() > deadline:
            raise PostgresError(f"processes of a killed server are still running in {data}: end them, then start again")
        time.sleep(0.05)


def processes_in(data: Path) -> set[int]:
    """Find the live processes of a server by their working directory."""
    found = set()
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.status() != psutil.STATUS_ZOMBIE and process.cwd() == str(data.resolve()):
                found.add(process.pid)
    return found


def launch(folder: Path, sockets: Path, is_explained: bool) -> subprocess.Popen:
    hand_over(folder, sockets)
    with (folder / "log").open("a") as log:
        started_at = log.tell()
        server = subprocess.Popen(
            [BINARIES / "postgres", "-D", folder / "data", *arguments(sockets)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,  # Ctrl-C in the terminal must reach only the web server, which has to stop first
            **unprivileged(),
        )
    wait_for_start(folder, server, started_at, not is_explained)
    return server


def arguments(sockets: Path) -> list[str]:
    settings = SETTINGS | {"unix_socket_directories": sockets}
    return [argument for name, value in settings.items() for argument in ("-c", f"{name}={value}")]


def wait_for_start(folder: Path, server: subprocess.Popen, started_at: int, has_explained: bool) -> None:
    began = time.monotonic()
    while not answers(folder):
        waited = time.monotonic() - began
        if server.poll() is not None or waited > RECOVERY_SECONDS:
            output = (folder / "log").read_bytes()[started_at:].decode(errors="replace")
            raise PostgresError(f"{explanation(output, folder)} (full log: {folder / 'log'})")
        if waited > QUIET_SECONDS and not has_explained:
            print("PostgreSQL is recovering from a crash …", file=sys.stderr, flush=True)  # noqa: T201
            has_explained = True
        time.sleep(0.02)


def create_database(folder: Path) -> None:
    with psycopg.connect(**connection(folder) | {"dbname": "postgres"}, autocommit=True) as postgres:
        if not postgres.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            postgres.execute(f"CREATE DATABASE {DATABASE}")
