"""Watch the embedded PostgreSQL while the site runs, and restart it whenever it has exited.

It exits if the system runs out of memory and kills it, and if the disk is too full for its write-ahead log.
"""

import logging
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from chatsite.postgres.cluster import PostgresError
from chatsite.postgres.embedded import alone
from chatsite.postgres.launching import answers, start

log = logging.getLogger(__name__)

WATCH_SECONDS = 0.5
FIRST_WAIT_SECONDS = 1  # between two starts; doubled after each failure
MAX_WAIT_SECONDS = 10
DISK_CHECK_SECONDS = 60
LOW_SHARE, LOW_BYTES = 0.05, 2_000_000_000  # of free space: less than both is worth a warning


@contextmanager
def watched(folder: Path) -> Iterator[None]:
    """Restart the server on the files in `folder` whenever it exits during the `with` block."""
    watch = Watch(folder)
    watch.start()
    try:
        yield
    finally:
        watch.stopping.set()
        watch.join()


class Watch(threading.Thread):
    """Checks the server twice a second, and the free space on its disk once a minute."""

    def __init__(self, folder: Path) -> None:
        super().__init__(name="watch", daemon=True)
        self.folder, self.stopping = folder, threading.Event()
        self.has_warned, self.checked_at = False, float("-inf")

    def run(self) -> None:
        while not self.stopping.wait(WATCH_SECONDS):
            if not is_running(self.folder / "data"):
                self.restart()
            self.check_disk()

    def restart(self) -> None:
        """Try to start the server until it runs; log when it does, and once why it fails."""
        began, wait, reason = time.monotonic(), FIRST_WAIT_SECONDS, ""
        while not self.stopping.is_set():
            try:
                with alone(self.folder):
                    is_ours = not answers(self.folder)  # else another command was first
                    if is_ours:
                        start(self.folder, is_explained=False)
            except PostgresError as error:
                if not reason:
                    reason = str(error)
                    log.warning("PostgreSQL has exited and can't start: %s. Trying again until it can.", reason)
                self.stopping.wait(wait)
                wait = min(2 * wait, MAX_WAIT_SECONDS)
            else:
                if is_ours:
                    log.warning("PostgreSQL had exited; it runs again after %.1f s", time.monotonic() - began)
                return

    def check_disk(self) -> None:
        """Warn once before the disk is full."""
        if time.monotonic() - self.checked_at < DISK_CHECK_SECONDS:
            return
        self.checked_at, disk = time.monotonic(), shutil.disk_usage(self.folder)
        is_low = disk.free < min(LOW_BYTES, LOW_SHARE * disk.total)
        if is_low and not self.has_warned:
            log.warning("the disk is almost full: %.1f GB are free for %s", disk.free / 1e9, self.folder)
        self.has_warned = is_low


def is_running(data: Path) -> bool:
    """Tell whether the server on these files is alive, whether or not it accepts connections."""
    try:
        pid = int((data / "postmaster.pid").read_text().split()[0])
        process = psutil.Process(pid)
        return process.status() != psutil.STATUS_ZOMBIE and process.cwd() == str(data.resolve())
    except (OSError, ValueError, IndexError, psutil.Error):
        return False
