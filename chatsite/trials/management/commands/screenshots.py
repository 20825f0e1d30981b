"""`manage.py screenshots`: take pictures of the main pages of a site with invented people."""

import tempfile
from importlib.util import find_spec
from pathlib import Path

from django.core.management import BaseCommand, CommandError

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
        if find_spec("playwright") is None:
            raise CommandError("Pictures need Playwright, a package for development: run `make screenshots`.")
        from chatsite.trials.showcase import screenshots  # it imports Playwright

        with tempfile.TemporaryDirectory(prefix="chatsite-screenshots-") as scratch:
            site = Site(Path(scratch) / "var").start()
            try:
                screenshots.take(site, folder, self.stdout.write)
            finally:
                site.kill_all()
        self.stdout.write(f"They are in {folder}.")
