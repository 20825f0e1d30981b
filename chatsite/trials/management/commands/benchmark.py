"""`manage.py benchmark`: how fast the site is on this machine, on a database of its own."""

import asyncio
import json
import tempfile
import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError
from rich.console import Console
from rich.table import Table

from chatsite.server.limits import allow_many_connections
from chatsite.trials.benchmark import comparison, fan_out, pages, requests, search, start
from chatsite.trials.benchmark.checkout import NoSuchCommit
from chatsite.trials.client.site import Site

PIPE_WIDTH = 140  # columns, where there is no terminal to ask
PARTS = ("start", "pages", "fan-out", "search")
WITH_THE_YARDSTICK = {"DJANGO_SETTINGS_MODULE": "chatsite.trials.benchmark.yardstick.settings"}
SECONDS, SECONDS_TO_COMPARE = 4, 1


class Command(BaseCommand):
    help = (
        "Measure how long a start takes; how many pages of each kind one worker answers a second, as ratios to a bare"
        " Django view; how soon, and how often a second, what is posted reaches many streams; how long one waits for"
        " a search. Pages and search fill a workspace that has talked for two years. With --against, compare the"
        " pages of two versions of the code, by the processor time that they cost"
    )
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        add = parser.add_argument
        add("what", nargs="?", choices=["all", *PARTS], default="all", help="all but search if not given")
        add("--against", metavar="COMMIT", help="for pages, fail where one costs over 5 %% more than at that commit")
        add("--streams", type=int, nargs="+", default=[100, 1000], help="for fan-out, how many")
        messages = "for pages and search, how many; 100,000 if not given; ten million take 20 GB"
        add("--messages", type=int, default=100_000, help=messages)
        seconds = f"for pages, how long each kind is asked for in a round; {SECONDS} if not given"
        add("--seconds", type=float, help=f"{seconds}, {SECONDS_TO_COMPARE} with --against")
        add("--json", action="store_true", help="print JSON instead of tables")
        add("--check", action="store_true", help="fail where a target or a plan is missed")
        add("--profile", choices=requests.NAMES, help="show where the time of this kind of page goes")

    def handle(self, *, what: str, check: bool, against: str | None, **options: Any) -> None:
        allow_many_connections()
        if against:
            if what != "pages":
                raise CommandError("only pages can be compared: benchmark pages --against COMMIT")
            return self.compare(against, options)
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
        return None

    def compare(self, against: str, options: dict[str, Any]) -> None:
        """Compare the pages of two versions, and fail where they have become slower."""
        with tempfile.TemporaryDirectory(prefix="chatsite-benchmark-") as folder:
            seconds = options["seconds"] or SECONDS_TO_COMPARE
            run = comparison.compare(Path(folder), against, options["messages"], seconds, self.tell)
            try:
                found = asyncio.run(run)
            except NoSuchCommit as error:
                raise CommandError(error) from error
        if options["json"]:
            self.stdout.write(json.dumps(asdict(found) | {"misses": found.misses, "remarks": found.remarks}, indent=2))
        else:
            self.show([found])
            for remark in found.remarks:
                self.stdout.write(remark)
        if found.misses:
            raise CommandError("; ".join(found.misses))

    def measured(self, part: str, streams: int, options: dict[str, Any]) -> Any:
        """Measure a part, on a site that has just begun."""
        messages, seconds = options["messages"], options["seconds"] or SECONDS
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
        console = Console(width=None if self.stdout.isatty() else PIPE_WIDTH)
        for each in found:
            table = Table(*each.columns)
            for row in each.rows():
                table.add_row(*row)
            with console.capture() as shown:
                console.print(table)
            self.stdout.write(shown.get())


@contextmanager
def begun(settings: dict[str, str]) -> Iterator[tuple[Site, float]]:
    """Start a site of its own, and end it: the site, and how many seconds its first start took."""
    with tempfile.TemporaryDirectory(prefix="chatsite-benchmark-") as folder:
        site, started_at = Site(Path(folder) / "var"), time.perf_counter()
        try:
            site.start(WORKERS="1", **settings)
            yield site, time.perf_counter() - started_at
        finally:
            site.kill_all()
