"""The process of heavy jobs: it runs with low priority, and only while there are such jobs.

So it takes no memory the rest of the time. It has an interpreter lock of its own, while light jobs share theirs with
pages and could slow them down. Its standard input is a pipe from the process that started it: when that process ends,
however suddenly, the pipe closes, and this process hands its jobs back.
"""

import subprocess
import sys
from contextlib import suppress

from django.conf import settings

STOP_SECONDS = 8  # then its parent no longer waits: it ends by itself


class HeavyProcess:
    """Starts and stops the process of heavy jobs."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the process unless it is running."""
        if self.process is None or self.process.poll() is not None:
            self.process = subprocess.Popen(
                [sys.executable, settings.BASE_DIR / "manage.py", "worker", "--heavy"],
                stdin=subprocess.PIPE,
                start_new_session=True,  # Ctrl-C must reach only its parent, which then stops it
            )

    def stop(self) -> None:
        """Make the process finish its job or hand it back; return at once."""
        if self.process and self.process.stdin:
            self.process.stdin.close()

    def wait(self) -> None:
        """Wait for the process to end after `stop`."""
        if self.process:
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(STOP_SECONDS)
