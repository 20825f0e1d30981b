"""A whole Chatsite of its own: `manage.py serve` with its own folder, database and port."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress

import psutil
from django.conf import settings

PATIENCE = 60
AFTERWARDS = 2  # seconds, in which Python's own helpers of a process notice that it has ended


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def environment(**variables):
    """Our environment, without what would lead a command to the data of somebody else."""
    ours = ("DATABASE_URL", "SITE_URL", "SECRET_KEY", "DEBUG", "PORT", "HOST")
    ours += ("DJANGO_SETTINGS_MODULE", "DJANGO_ALLOW_ASYNC_UNSAFE")
    return {name: value for name, value in os.environ.items() if name not in ours} | variables


def manage(*arguments, **variables):
    """Run a command of manage.py to its end: its exit code and what it said."""
    command = [sys.executable, "manage.py", *arguments]
    where = {"cwd": settings.BASE_DIR, "env": environment(**variables), "timeout": PATIENCE}
    return subprocess.run(command, capture_output=True, text=True, check=False, **where)


class Site:
    """A site whose files are in `folder`."""

    def __init__(self, folder, code=settings.BASE_DIR):
        self.folder, self.code, self.port, self.server = folder, code, free_port(), None
        self.url = f"http://localhost:{self.port}"

    @property
    def log(self):
        return self.folder.with_name(f"{self.folder.name}-{self.port}.log")

    @property
    def variables(self):
        return {"VAR_DIR": str(self.folder), "PORT": str(self.port), "LIMITS": "off"}

    def start(self, **variables):
        """Start serving and wait until it is ready."""
        with self.log.open("w") as log:  # a pipe that nobody reads is full one day, and whoever writes to it waits
            self.server = subprocess.Popen(
                [sys.executable, "manage.py", "serve"],
                cwd=self.code,
                env=environment(**self.variables, **variables),
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        deadline = time.monotonic() + PATIENCE
        # Its own word first: for a moment the workers of a killed one may still answer.
        while "Chatsite is at" not in self.log.read_text() or self.get("/readyz")[0] != 200:
            assert self.server.poll() is None, self.log.read_text()
            assert time.monotonic() < deadline, "the site does not get ready"
            time.sleep(0.05)
        return self

    def get(self, path):
        """Ask for a page: (status, body); (None, '') where nobody answers."""
        try:
            with urllib.request.urlopen(self.url + path, timeout=PATIENCE) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, ""
        except OSError:
            return None, ""

    def stop(self, number=signal.SIGTERM):
        """Send a signal, wait for the end: (exit code, everything that was said)."""
        self.server.send_signal(number)
        self.server.wait(timeout=PATIENCE)
        deadline = time.monotonic() + AFTERWARDS
        while self.processes() and time.monotonic() < deadline:
            time.sleep(0.02)
        return self.server.returncode, self.log.read_text()

    def processes(self, name=""):
        """Find the living processes of the site: PostgreSQL's work in its folder, ours have it for VAR_DIR."""
        found, folder = [], str(self.folder)
        for process in psutil.process_iter():
            with suppress(psutil.Error):
                is_ours = process.cwd().startswith(folder) or process.environ().get("VAR_DIR") == folder
                if is_ours and process.status() != psutil.STATUS_ZOMBIE and name in " ".join(process.cmdline()):
                    found.append(process.pid)
        return found

    def kill_all(self):
        """End every process at once, as a power cut would."""
        for pid in self.processes():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.server.wait()
