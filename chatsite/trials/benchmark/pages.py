"""The benchmark of pages: how many one worker answers per second, as a ratio to the bare page of the same run."""

import statistics
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, ClassVar

from chatsite.trials.benchmark.cpu import Cpu, meter_of
from chatsite.trials.benchmark.load import Load, apply_load
from chatsite.trials.benchmark.reports import inspect, profile
from chatsite.trials.benchmark.requests import VISITORS, Kind, kinds_of
from chatsite.trials.benchmark.start import memory_of
from chatsite.trials.benchmark.visitors import fill_and_sign_in
from chatsite.trials.client.site import WORKER, Site

CONNECTIONS, ROUNDS = 16, 3
# A search may scan all conversations that a person sees.
INDEXED = ("conversation", "older page", "day", "inbox", "changes", "post")
TARGETS = {"conversation": 0.25, "older page": 0.28, "inbox": 0.30, "post": 0.20, "changes": 0.45}


@dataclass
class Page:
    """The results for one kind of page; `ratio` is to the bare page, CPU milliseconds are per page."""

    name: str
    per_second: float
    ratio: float
    p50_ms: float
    p99_ms: float
    worker_cpu_ms: float
    postgres_cpu_ms: float
    statements: float
    bytes: float

    @property
    def is_missed(self) -> bool:
        return self.ratio < TARGETS.get(self.name, 0)


@dataclass
class Pages:
    """The results for all kinds of pages; `whole` lists, for each, the large tables that its plans read as a whole."""

    messages: int
    worker_mb_under_load: float
    pages: list[Page]
    whole: dict[str, list[str]]
    columns: ClassVar = [
        "page",
        "a second",
        "× bare",
        "p50 ms",
        "p99 ms",
        "worker CPU ms",
        "PostgreSQL CPU ms",
        "statements",
        "bytes",
    ]

    def rows(self) -> list[tuple[str, ...]]:
        found = [(page.name, *map(formatted, list(asdict(page).values())[1:])) for page in self.pages]
        return [*found, ("worker under load", f"{self.worker_mb_under_load:.0f} MB")]

    @property
    def misses(self) -> list[str]:
        """List the pages slower than their targets, with all digits: a rounded ratio may look like its target."""
        slow = [page for page in self.pages if page.is_missed]
        return [
            *(f"{page.name}: {page.ratio!r} of the bare page, not {TARGETS[page.name]}" for page in slow),
            *(
                f"{name}: reads whole tables ({', '.join(self.whole[name])})"
                for name in INDEXED
                if self.whole.get(name)
            ),
        ]


def formatted(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}"


async def measure(site: Site, messages: int, seconds: float, profiled: str | None, log: Callable[[str], None]) -> Pages:
    """Fill a freshly started site, then measure each kind of page in turns; profile the kind `profiled`, if given."""
    with site.database() as server:
        people = await fill_and_sign_in(site, server, messages, VISITORS)
        kinds = await kinds_of(people, server)
    for person in people.values():
        person.hang_up()
    reports = {name: await inspect(site.port, kind) for name, kind in kinds.items()}
    found = await apply_load_to_each(site, kinds, seconds, log)
    if profiled:
        log(await profile(site.port, kinds[profiled]))
    pages = [sum_up(name, loads, found["bare"], reports[name]) for name, loads in found.items()]
    whole = {name: report["whole"] for name, report in reports.items()}
    return Pages(messages, memory_of(site, WORKER), pages, whole)


async def apply_load_to_each(
    site: Site, kinds: dict[str, Kind], seconds: float, log: Callable[[str], None]
) -> dict[str, list[tuple[Load, Cpu]]]:
    """Apply load to each kind of page, round by round; return the load and the processor time of each round."""
    loads: dict[str, list[tuple[Load, Cpu]]] = {name: [] for name in kinds}
    meter = meter_of(site)
    for turn in range(ROUNDS + 1):
        log(f"round {turn} of {ROUNDS}" if turn else "warm-up round")
        for name, kind in kinds.items():
            before = meter()
            load = await apply_load(
                site.port, kind.requests, kind.is_right, CONNECTIONS, seconds if turn else seconds / 4
            )
            if turn:
                loads[name].append((load, meter() - before))
    return loads


def sum_up(name: str, found: list[tuple[Load, Cpu]], bare: list[tuple[Load, Cpu]], report: dict[str, Any]) -> Page:
    """Sum up the rounds of one kind of page; its ratio is the median of the ratios to the bare page of each round."""
    ratios = [load.per_second / other.per_second for (load, _), (other, _) in zip(found, bare, strict=True)]
    waits = sorted(wait * 1000 for load, _ in found for wait in load.waits)
    count = len(waits)
    return Page(
        name,
        statistics.median(load.per_second for load, _ in found),
        statistics.median(ratios),
        waits[count // 2],
        waits[count * 99 // 100],
        1000 * sum(cpu.worker for _, cpu in found) / count,
        1000 * sum(cpu.postgres for _, cpu in found) / count,
        report["count"],
        sum(load.size for load, _ in found) / count,
    )
