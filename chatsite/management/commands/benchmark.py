"""`manage.py benchmark`: how fast the site is on this machine, on a database of its own."""

import asyncio
import json
import tempfile
from dataclasses import asdict
from pathlib import Path

from django.core.management import BaseCommand, CommandError
from rich.console import Console
from rich.table import Table

from chatsite.limits import allow_many_connections
from chatsite.trials import measuring, pages, searching
from chatsite.trials.site import Site

PIPE_WIDTH = 120  # columns, where there is no terminal to ask
WITH_THE_YARDSTICK = {"DJANGO_SETTINGS_MODULE": "chatsite.trials.settings"}


class Command(BaseCommand):
    help = (
        "Measure fan-out: how soon, and how often a second, what is posted reaches many streams; pages: how many a"
        " second one worker answers; or search: how long one waits. Both fill a place that has talked for two years"
    )
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument(
            "what", nargs="?", choices=["fan-out", "pages", "search"], default="fan-out", help="fan-out if not given"
        )
        parser.add_argument("--streams", type=int, default=1000, help="for fan-out, how many; 1000 if not given")
        parser.add_argument(
            "--messages",
            type=int,
            default=100_000,
            help="for pages and search, how many; 100,000 if not given; ten million take 20 GB",
        )
        parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
        parser.add_argument("--check", action="store_true", help="fail where a target is missed")

    def handle(self, *, what, streams, messages, check, **options):
        allow_many_connections()
        console = Console(file=self.stdout, width=None if self.stdout.isatty() else PIPE_WIDTH)
        with tempfile.TemporaryDirectory(prefix="chatsite-benchmark-") as folder:
            settings = WITH_THE_YARDSTICK if what == "pages" else {}
            site = Site(Path(folder) / "var").start(WORKERS="1", **settings)
            try:
                found = asyncio.run(self.measure(site, what, streams, messages))
            finally:
                site.kill_all()
        if options["json"]:
            self.stdout.write(json.dumps(asdict(found), indent=2))
        else:
            table = Table(*found.columns)
            for row in found.rows():
                table.add_row(*row)
            console.print(table)
        if check and found.misses:
            raise CommandError("; ".join(found.misses))

    async def measure(self, site, what, streams, messages):
        def tell(words):
            self.stderr.write(f"{words} …")

        if what == "pages":
            return await pages.measure(site, messages, tell)
        if what == "search":
            return await searching.measure(site, messages, tell)
        return await measuring.measure(site, streams, tell)
