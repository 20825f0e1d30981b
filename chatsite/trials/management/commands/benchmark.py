"""`manage.py benchmark`: measure how fast the site is on this machine, on a database of its own."""

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
from chatsite.trials.benchmark import abuse, comparison, fan_out, pages, requests, search, start
from chatsite.trials.benchmark.checkout import NoSuchCommit
from chatsite.trials.client.site import Site

PIPE_WIDTH = 140  # columns, where the output is not a terminal
PARTS = ("start", "pages", "fan-out", "search", "abuse")
IN_ALL = PARTS[:3]
SETTINGS = {
    "pages": {"DJANGO_SETTINGS_MODULE": "chatsite.trials.benchmark.yardstick.settings"},
    "abuse": {"LIMITS": "on"},
}
SECONDS, SECONDS_TO_COMPARE = 4, 1


class Command(BaseCommand):
    help = (
        "Measure how long a start takes; how many pages of each kind one worker answers per second, as ratios to a bare"
        " Django view; how soon posts reach many streams, and how many deliveries that makes per second; how long a"
        " search takes; and what a member, or an anonymous visitor, can do to everybody else. Pages and search use a"
        " workspace filled with two years of messages. With --against, compare the pages of two versions of the code by"
        " the processor time that they cost"
    )
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        add = parser.add_argument
        add(
            "what",
            nargs="?",
            choices=["all", *PARTS],
            default="all",
            help="what to measure (default: all except search and abuse)",
        )
        add("--against", metavar="COMMIT", help="for pages: fail if a page costs over 5 %% more than at that commit")
        add(
            "--streams",
            type=int,
            nargs="+",
            default=[100, 1000],
            help="for fan-out: how many streams (default: 100 1000)",
        )
        messages = "for pages and search: how many messages (default: 100,000); ten million need 20 GB"
        add("--messages", type=int, default=100_000, help=messages)
        seconds = f"for pages: how long to request each kind in a round (default: {SECONDS}"
        add("--seconds", type=float, help=f"{seconds}, with --against {SECONDS_TO_COMPARE})")
        add("--json", action="store_true", help="print JSON instead of tables")
        add("--check", action="store_true", help="fail if a target is missed or a plan reads a large table as a whole")
        add("--profile", choices=requests.NAMES, help="show where the time of this kind of page goes")

    def handle(self, *, what: str, check: bool, against: str | None, **options: Any) -> None:
        allow_many_connections()
        if against:
            if what != "pages":
                raise CommandError("only pages can be compared: benchmark pages --against COMMIT")
            return self.compare(against, options)
        wanted = IN_ALL if what == "all" else [what]
        runs = [(part, streams) for part in wanted for streams in (options["streams"] if part == "fan-out" else [0])]
        found = [self.measure(part, streams, options) for part, streams in runs]
        if options["json"]:
            self.stdout.write(json.dumps([{"what": each.columns[0]} | asdict(each) for each in found], indent=2))
        else:
            self.show(found)
        misses = [miss for each in found for miss in each.misses]
        if check and misses:
            raise CommandError("; ".join(misses))
        return None

    def compare(self, against: str, options: dict[str, Any]) -> None:
        """Compare the pages of two versions, and fail if any has become slower."""
        with tempfile.TemporaryDirectory(prefix="chatsite-benchmark-") as folder:
            seconds = options["seconds"] or SECONDS_TO_COMPARE
            run = comparison.compare(Path(folder), against, options["messages"], seconds, self.log)
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

    def measure(self, part: str, streams: int, options: dict[str, Any]) -> Any:
        """Measure one part, on a freshly started site."""
        messages, seconds = options["messages"], options["seconds"] or SECONDS
        with running_site(SETTINGS.get(part, {})) as (site, first_start):
            measures: dict[str, Callable] = {
                "start": lambda: start.measure(site, first_start, self.log),
                "pages": lambda: pages.measure(site, messages, seconds, options["profile"], self.log),
                "fan-out": lambda: fan_out.measure(site, streams, self.log),
                "abuse": lambda: abuse.measure(site, self.log),
                "search": lambda: search.measure(site, messages, self.log),
            }
            return asyncio.run(measures[part]())

    def log(self, text: str) -> None:
        self.stderr.write(f"{text} …")

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
def running_site(settings: dict[str, str]) -> Iterator[tuple[Site, float]]:
    """Run a new site during the `with` block; yield it, and how many seconds its first start took."""
    with tempfile.TemporaryDirectory(prefix="chatsite-benchmark-") as folder:
        site, started_at = Site(Path(folder) / "var"), time.perf_counter()
        try:
            site.start(WORKERS="1", **settings)
            yield site, time.perf_counter() - started_at
        finally:
            site.kill_all()
