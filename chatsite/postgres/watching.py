"""Watch over the embedded PostgreSQL while the site runs, and start it again whenever it has ended.

It ends when the system runs out of memory and kills it, and when the disk is so full that it can't write its log.
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
FIRST_WAIT_SECONDS = 1  # between two starts; twice as long after each that fails
MAX_WAIT_SECONDS = 10
ROOM_SECONDS = 60  # between two looks at the disk
LOW_SHARE, LOW_BYTES = 0.05, 2_000_000_000  # free on the disk: less than both is worth a warning


@contextmanager
def watched(folder: Path) -> Iterator[None]:
    """Start the server on the files in `folder` again whenever it ends during the `with` block."""
    watch = Watch(folder)
    watch.start()
    try:
        yield
    finally:
        watch.stopping.set()
        watch.join()


class Watch(threading.Thread):
    """Looks at the server twice a second, and at the room on its disk once a minute."""

    def __init__(self, folder: Path) -> None:
        super().__init__(name="watch", daemon=True)
        self.folder, self.stopping = folder, threading.Event()
        self.has_warned, self.looked_at = False, float("-inf")

    def run(self) -> None:
        while not self.stopping.wait(WATCH_SECONDS):
            if not is_running(self.folder / "data"):
                self.start_again()
            self.look_at_the_disk()

    def start_again(self) -> None:
        """Start the server until it runs; say so in one line, and in another one why it takes long."""
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
                    log.warning("PostgreSQL has ended and can't start: %s. It is tried again until it can.", reason)
                self.stopping.wait(wait)
                wait = min(2 * wait, MAX_WAIT_SECONDS)
            else:
                if is_ours:
                    log.warning("PostgreSQL had ended; it runs again after %.1f s", time.monotonic() - began)
                return

    def look_at_the_disk(self) -> None:
        """Warn once before the disk is full."""
        if time.monotonic() - self.looked_at < ROOM_SECONDS:
            return
        self.looked_at, disk = time.monotonic(), shutil.disk_usage(self.folder)
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
