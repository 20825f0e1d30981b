"""`manage.py benchmark`: how fast the site is on this machine, on a database of its own."""

import asyncio
import json
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError
from rich.console import Console
from rich.table import Table

from chatsite.server.limits import allow_many_connections
from chatsite.trials.benchmark import fan_out, pages, search, start
from chatsite.trials.client.site import Site

PIPE_WIDTH = 120  # columns, where there is no terminal to ask
PARTS = ("start", "pages", "fan-out", "search")
WITH_THE_YARDSTICK = {"DJANGO_SETTINGS_MODULE": "chatsite.trials.benchmark.yardstick.settings"}


class Command(BaseCommand):
    help = (
        "Measure how long a start takes; how many pages of each kind one worker answers a second, as ratios to a bare"
        " Django view; how soon, and how often a second, what is posted reaches many streams; how long one waits for"
        " a search. Pages and search fill a place that has talked for two years"
    )
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument(
            "what", nargs="?", choices=["all", *PARTS], default="all", help="all but search if not given"
        )
        parser.add_argument("--streams", type=int, nargs="+", default=[100, 1000], help="for fan-out, how many")
        parser.add_argument(
            "--messages",
            type=int,
            default=100_000,
            help="for pages and search, how many; 100,000 if not given; ten million take 20 GB",
        )
        parser.add_argument(
            "--seconds",
            type=float,
            default=4,
            help="for pages, how long each kind is asked for in a round; 4 if not given",
        )
        parser.add_argument("--json", action="store_true", help="print JSON instead of tables")
        parser.add_argument("--check", action="store_true", help="fail where a target or a plan is missed")
        parser.add_argument("--profile", choices=pages.NAMES, help="show where the time of this kind of page goes")

    def handle(self, *, what, check, **options):
        allow_many_connections()
        wanted = PARTS[:-1] if what == "all" else [what]
        runs = [(part, streams) for part in wanted for streams in (options["streams"] if part == "fan-out" else [0])]
        found = [self.measured(part, streams, options) for part, streams in runs]
        if options["json"]:
            self.stdout.write(json.dumps([{"what": each.columns[0]} | asdict(each) for each in found], indent=2))
        else:
            self.show(found)
        misses = [miss for each in found for miss in each.misses]
        if check and misses:
            raise CommandError("; ".join(misses))

    def measured(self, part: str, streams: int, options: dict[str, Any]) -> Any:
        """Measure a part, on a site that has just begun."""
        messages, seconds = options["messages"], options["seconds"]
        with begun(WITH_THE_YARDSTICK if part == "pages" else {}) as (site, first_start):
            measures: dict[str, Callable] = {
                "start": lambda: start.measure(site, first_start, self.tell),
                "pages": lambda: pages.measure(site, messages, seconds, options["profile"], self.tell),
                "fan-out": lambda: fan_out.measure(site, streams, self.tell),
                "search": lambda: search.measure(site, messages, self.tell),
            }
            return asyncio.run(measures[part]())

    def tell(self, words: str) -> None:
        self.stderr.write(f"{words} …")

    def show(self, found: list[Any]) -> None:
        console = Console(file=self.stdout, width=None if self.stdout.isatty() else PIPE_WIDTH)
        for each in found:
            table = Table(*each.columns)
            for row in each.rows():
                table.add_row(*row)
            console.print(table)


@contextmanager
def begun(settings: dict[str, str]) -> Iterator[tuple[Site, float]]:
    """Start a site of its own, and end it: the site, and how many seconds its first start took."""
    with tempfile.TemporaryDirectory(prefix="chatsite-benchmark-") as folder:
        began = time.perf_counter()
        site = Site(Path(folder) / "var").start(WORKERS="1", **settings)
        seconds = time.perf_counter() - began
        try:
            yield site, seconds
        finally:
            site.kill_all()
