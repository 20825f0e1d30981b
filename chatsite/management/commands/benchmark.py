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
from chatsite.trials.measuring import measure
from chatsite.trials.site import Site


class Command(BaseCommand):
    help = "Measure fan-out: how soon, and how often a second, what is posted reaches many streams"
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--streams", type=int, default=1000, help="how many; 1000 if not given")
        parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
        parser.add_argument("--check", action="store_true", help="fail where a target is missed")

    def handle(self, *, streams, check, **options):
        allow_many_connections()
        console = Console(file=self.stdout, stderr=False)
        with tempfile.TemporaryDirectory(prefix="chatsite-benchmark-") as folder:
            site = Site(Path(folder) / "var").start(WORKERS="1")
            try:
                found = asyncio.run(measure(site, streams, lambda words: self.stderr.write(f"{words} …")))
            finally:
                site.kill_all()
        if options["json"]:
            self.stdout.write(json.dumps(asdict(found), indent=2))
        else:
            table = Table("fan-out", "measured")
            for row in found.rows():
                table.add_row(*row)
            console.print(table)
        if check and found.misses:
            raise CommandError("; ".join(found.misses))
