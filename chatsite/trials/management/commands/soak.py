"""`manage.py soak`: prove on this machine that no message is lost or duplicated, whatever breaks."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import cycle
from pathlib import Path

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from chatsite.server.limits import allow_many_connections
from chatsite.trials.client.site import Site
from chatsite.trials.soak import faults
from chatsite.trials.soak.soak import Soak

CUT_AFTER_SECONDS = 10
SMALL_DISK = "CHATSITE_SOAK_DISK"  # set where the temporary folder is on a disk that may be filled
DISK_MEGABYTES = 900
IN_A_NAMESPACE = ("unshare", "--user", "--map-root-user", "--mount")
FAULTS = (
    *(faults.drop_announcements, faults.restore_announcements, faults.kill_worker, faults.drain_worker),
    *(faults.kill_workers_before_they_announce, faults.kill_backend, faults.kill_postgres, faults.stop_postgres),
    faults.kill_parent,
)


class Command(BaseCommand):
    help = "Send messages on a separate site while processes are killed and connections cut; report what is missing"
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--minutes", type=float, default=5, help="how long to run (default: 5)")
        parser.add_argument("--every", type=float, default=10, help="seconds between two faults (default: 10)")

    def handle(self, *, minutes, every, **options):
        if SMALL_DISK not in os.environ and can_mount():
            return self.run_on_a_small_disk(f"--minutes={minutes}", f"--every={every}")
        allow_many_connections()
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="chatsite-soak-")))
            site = Site(folder / "var")
            found = [*FAULTS, *([faults.fill_disk] if faults.has_small_disk(site) else [])]
            if len(found) == len(FAULTS):
                self.stdout.write(
                    "The disk is not filled: that needs Linux's user namespaces, which are not allowed here."
                )
            all_faults: Iterator[Callable[[Site], str]] = cycle(found)
            stack.callback(site.start(WORKERS="2").kill_all)
            end = time.monotonic() + 60 * minutes

            def break_something(site):
                description = next(all_faults)(site)
                self.stdout.write(f"{max(0, end - time.monotonic()):5.0f} s left: {description}")
                return description

            report = Soak(site, CUT_AFTER_SECONDS).run(60 * minutes, break_something, every)
        self.stdout.write(f"\n{report}\nall streams but one were cut after {CUT_AFTER_SECONDS} s each")
        if not report.is_clean:
            raise CommandError("messages are missing, duplicated, out of order or late")
        return None

    def run_on_a_small_disk(self, *options):
        """Run this command in its own namespace, on a disk that it may fill."""
        with tempfile.TemporaryDirectory(prefix="chatsite-disk-") as disk:
            mount = f'mount -t tmpfs -o size={DISK_MEGABYTES}m none "$0" && exec "$@"'
            again = [sys.executable, "-u", settings.BASE_DIR / "manage.py", "soak", *options]
            variables = os.environ | {SMALL_DISK: "1", "TMPDIR": disk}
            done = subprocess.run([*IN_A_NAMESPACE, "sh", "-c", mount, disk, *again], env=variables, check=False)
        if done.returncode:
            raise CommandError("the soak failed")


def can_mount() -> bool:
    """Tell whether this user may mount a disk in a namespace."""
    if not shutil.which("unshare"):
        return False
    return not subprocess.run([*IN_A_NAMESPACE, "true"], check=False, capture_output=True).returncode
