"""The process of heavy jobs: started when there is one, with low priority, and ended when there are none.

It takes no memory while there are no such jobs, and can't slow the pages down, which share their interpreter lock with
light jobs. It reads its standard input, a pipe from the process that started it: the end of that process, however
sudden, is the end of the pipe, and then it hands its jobs back.
"""

import subprocess
import sys
from contextlib import suppress

from django.conf import settings

STOP_SECONDS = 8  # after which it is left to itself: it ends anyway


class HeavyProcess:
    """Starts and stops the process of heavy jobs."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it unless it runs."""
        if self.process is None or self.process.poll() is not None:
            self.process = subprocess.Popen(
                [sys.executable, settings.BASE_DIR / "manage.py", "worker", "--heavy"],
                stdin=subprocess.PIPE,
                start_new_session=True,  # Ctrl-C in the terminal must reach only its parent, which then stops it
            )

    def stop(self) -> None:
        """Ask it to finish or hand back what it runs; return at once."""
        if self.process and self.process.stdin:
            self.process.stdin.close()

    def wait(self) -> None:
        """Wait for its end after `stop`."""
        if self.process:
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(STOP_SECONDS)
