"""`manage.py soak`: prove on this machine that no message is lost or doubled, whatever breaks."""

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import cycle
from pathlib import Path

from django.core.management import BaseCommand, CommandError

from chatsite.server.limits import allow_many_connections
from chatsite.trials.client.site import Site
from chatsite.trials.soak import faults
from chatsite.trials.soak.soak import Soak

SECONDS_BETWEEN = 10  # the server gives up on workers that die twice within six seconds
CUT_AFTER = 10


class Command(BaseCommand):
    help = "Send messages on a separate site while processes are killed and connections cut; report what is missing"
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--minutes", type=float, default=5, help="how long to run (default: 5)")

    def handle(self, *, minutes, **options):
        allow_many_connections()
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="chatsite-soak-")))
            all_faults: Iterator[Callable[[Site], str]] = cycle(
                [
                    *(faults.kill_worker, faults.drain_worker, faults.kill_workers_before_they_announce),
                    *(faults.kill_backend, faults.RestartPostgres(stack)),
                    *(faults.drop_announcements, faults.restore_announcements),
                ]
            )
            site = Site(folder / "var").start(WORKERS="2")
            stack.callback(site.kill_all)
            end = time.monotonic() + 60 * minutes

            def break_something(site):
                description = next(all_faults)(site)
                self.stdout.write(f"{max(0, end - time.monotonic()):5.0f} s left: {description}")
                return description

            report = Soak(site, CUT_AFTER).run(60 * minutes, break_something, SECONDS_BETWEEN)
        self.stdout.write(f"\n{report}\nstreams were cut after {CUT_AFTER} s each")
        if not report.is_clean:
            raise CommandError("messages are missing, doubled or out of order")
