"""`manage.py screenshots`: take pictures of the main pages of a site with invented people."""

import tempfile
from pathlib import Path

from django.core.management import BaseCommand

from chatsite.environment import VAR
from chatsite.trials.client.site import Site


class Command(BaseCommand):
    help = "Fill a separate site with invented people and messages, and take pictures of its main pages"
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument(
            "--folder",
            type=Path,
            default=VAR / "screenshots",
            help="where to store the pictures (default: var/screenshots)",
        )

    def handle(self, *, folder, **options):
        from chatsite.trials.showcase import screenshots  # needs a browser, which only development has

        with tempfile.TemporaryDirectory(prefix="chatsite-screenshots-") as scratch:
            site = Site(Path(scratch) / "var").start()
            try:
                screenshots.take(site, folder, self.stdout.write)
            finally:
                site.kill_all()
        self.stdout.write(f"The pictures are in {folder}.")
