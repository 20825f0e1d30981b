"""A complete, separate Chatsite: `manage.py serve` with its own folder, database and port."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import psycopg
from django.conf import settings
from psycopg.conninfo import make_conninfo

from chatsite.postgres import cluster

SECONDS_TO_WAIT = 60
SECONDS_TO_START = 180  # an idle machine needs five
# Variables that could lead a command to other data.
NOT_PASSED_ON = {
    *("DATABASE_URL", "DATABASE_DIRECT_URL", "JOBS", "SITE_URL", "SECRET_KEY", "DEBUG", "PORT", "HOST"),
    *("DJANGO_SETTINGS_MODULE", "DJANGO_ALLOW_ASYNC_UNSAFE"),
}
WORKER = "spawn_main"  # in the command line of a process that answers requests
SECONDS_TO_DISAPPEAR = 2  # until Python's helper processes notice that their parent has ended


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def environment(**variables: str) -> dict[str, str]:
    """Return our environment variables, without those that could lead a command to other data."""
    return {name: value for name, value in os.environ.items() if name not in NOT_PASSED_ON} | variables


def manage(*arguments: str, timeout: float = SECONDS_TO_WAIT, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a command of manage.py to its end; return its exit code and output."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env=environment(**variables),
        timeout=timeout,
        capture_output=True,
        text=True,
        check=False,
    )


def wait_for(condition: Callable[[], Any]) -> None:
    """Wait until a condition holds; raise AssertionError after SECONDS_TO_WAIT."""
    deadline = time.monotonic() + SECONDS_TO_WAIT
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


class Site:
    """A site whose files are in `folder`."""

    def __init__(self, folder: Path, code: Path = settings.BASE_DIR) -> None:
        self.folder, self.code, self.port = folder, code, free_port()
        self.url = f"http://localhost:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def server(self) -> subprocess.Popen[bytes]:
        assert self.process, "the site was never started"
        return self.process

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    @property
    def log(self) -> Path:
        return self.folder.with_name(f"{self.folder.name}-{self.port}.log")

    @property
    def variables(self) -> dict[str, str]:
        return {"VAR_DIR": str(self.folder), "PORT": str(self.port), "LIMITS": "off"}

    def start(self, **variables: str) -> "Site":
        """Start serving and wait until it is ready."""
        with self.log.open("w") as log:  # a pipe that nobody reads would fill up and block the server
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "serve"],
                cwd=self.code,
                env=environment(**self.variables | variables),
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        deadline = time.monotonic() + SECONDS_TO_START
        # Wait for its own message first: the workers of a killed server may still answer for a moment.
        while "Chatsite is at" not in self.log.read_text() or self.get("/readyz")[0] != 200:
            assert self.server.poll() is None, self.log.read_text()
            assert time.monotonic() < deadline, "the site does not become ready"
            time.sleep(0.05)
        return self

    def get(self, path: str) -> tuple[int | None, str]:
        """Request a page; return (status, body), or (None, '') if nobody answers."""
        try:
            with urllib.request.urlopen(self.url + path, timeout=SECONDS_TO_WAIT) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, ""
        except OSError:
            return None, ""

    def stop(self, number: int = signal.SIGTERM) -> tuple[int, str]:
        """Send a signal and wait for the end; return (exit code, output)."""
        self.server.send_signal(number)
        self.server.wait(timeout=SECONDS_TO_WAIT)
        deadline = time.monotonic() + SECONDS_TO_DISAPPEAR
        while self.processes() and time.monotonic() < deadline:
            time.sleep(0.02)
        return self.server.returncode, self.log.read_text()

    def database(self, options: str = "") -> psycopg.Connection:
        """Connect to the site's database as its owner; `options` are those of a PostgreSQL session."""
        where = make_conninfo(**cluster.connection(self.folder / "postgres"), options=options)
        return psycopg.connect(where, autocommit=True)

    @property
    def postmaster(self) -> int:
        """The id of PostgreSQL's main process; raises OSError while there is none."""
        return int((self.folder / "postgres" / "data" / "postmaster.pid").read_text().split()[0])

    def processes(self, name: str = "") -> list[int]:
        """Find the live processes of the site: PostgreSQL's work in its folder, ours have it as VAR_DIR."""
        found: list[int] = []
        folder = str(self.folder)
        for process in psutil.process_iter():
            with suppress(psutil.Error):
                is_ours = process.cwd().startswith(folder) or process.environ().get("VAR_DIR") == folder
                if is_ours and process.status() != psutil.STATUS_ZOMBIE and name in " ".join(process.cmdline()):
                    found.append(process.pid)
        return found

    def kill_all(self) -> None:
        """End every process at once, as a power cut would."""
        for pid in self.processes():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.server.wait()
