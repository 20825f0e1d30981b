"""The paired benchmark: two versions of the code take turns to answer the same requests on the same workspace."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from chatsite.trials.benchmark import yardstick
from chatsite.trials.benchmark.checkout import checked_out
from chatsite.trials.benchmark.cpu import Cpu, meter_of
from chatsite.trials.benchmark.judging import ComparedPage, Comparison, Cost
from chatsite.trials.benchmark.load import apply_load
from chatsite.trials.benchmark.reports import inspect
from chatsite.trials.benchmark.requests import NAMES, VISITORS, Kind, kinds_of
from chatsite.trials.benchmark.visitors import fill_and_sign_in
from chatsite.trials.client.site import Site

CONNECTIONS = 2  # enough to keep the worker busy; a longer queue would make pages wait, not cost more
ROUNDS = 9
INJECTED = "benchmark_yardstick"
# Turn off work that PostgreSQL does in the background.
QUIET = (
    "ALTER SYSTEM SET autovacuum = off",
    "ALTER SYSTEM SET checkpoint_timeout = '1h'",
    "ALTER SYSTEM SET max_wal_size = '8GB'",
    "SELECT pg_reload_conf()",
    "CHECKPOINT",
)


@dataclass
class Version:
    """A running site of one version, with the requests for its pages and the number of statements of each."""

    site: Site
    kinds: dict[str, Kind]
    meter: Callable[[], Cpu]
    statements: dict[str, int]

    async def measure(self, name: str, seconds: float) -> tuple[Cpu, int]:
        """Request one kind of page for `seconds`; return the processor time used and the number of pages."""
        kind, before = self.kinds[name], self.meter()
        load = await apply_load(self.site.port, kind.requests, kind.is_right, CONNECTIONS, seconds)
        return self.meter() - before, len(load.waits)


async def compare(folder: Path, commit: str, messages: int, seconds: float, log: Callable[[str], None]) -> Comparison:
    """Run a commit and the current code side by side in an empty folder; raise NoSuchCommit."""
    with checked_out(commit, folder / "before") as code:
        # Both sites get the yardstick of this version, even if theirs differs.
        shutil.copytree(Path(yardstick.__file__).parent, folder / "injected" / INJECTED)
        log(f"starting and filling two sites, {commit} and the current code")
        with started(folder / "var-before", code) as old, started(folder / "var-after", settings.BASE_DIR) as new:
            before, after = await prepare(old, messages), await prepare(new, messages)
            costs = await take_turns(before, after, seconds, log)
    return Comparison(commit, messages, [compared(name, costs[name], before, after) for name in NAMES])


@contextmanager
def started(folder: Path, code: Path) -> Iterator[Site]:
    """Run a site with this code and the yardstick during the `with` block."""
    site = Site(folder, code)
    injected = str(folder.parent / "injected")
    try:
        yield site.start(WORKERS="1", PYTHONPATH=injected, DJANGO_SETTINGS_MODULE=f"{INJECTED}.settings")
    finally:
        site.kill_all()


async def prepare(site: Site, messages: int) -> Version:
    """Fill a site, and count the statements of its pages."""
    with site.database() as server:
        people = await fill_and_sign_in(site, server, messages, VISITORS)
        for statement in QUIET:
            server.execute(statement)
        kinds = await kinds_of(people, server)
    for person in people.values():
        person.hang_up()
    reports = {name: await inspect(site.port, kind) for name, kind in kinds.items()}
    return Version(site, kinds, meter_of(site), {name: report["count"] for name, report in reports.items()})


async def take_turns(
    before: Version, after: Version, seconds: float, log: Callable[[str], None]
) -> dict[str, list[tuple[Cost, Cost]]]:
    """Measure each kind of page in both versions, round by round; return the costs (before, after) of each round."""
    costs: dict[str, list[tuple[Cost, Cost]]] = {name: [] for name in NAMES}
    for number in range(ROUNDS + 1):
        log(f"round {number} of {ROUNDS}" if number else "warm-up round")
        for name in NAMES:
            taken = await take_a_turn(name, before, after, seconds if number else seconds / 4)
            if number:
                costs[name].append(taken)
    return costs


async def take_a_turn(name: str, before: Version, after: Version, seconds: float) -> tuple[Cost, Cost]:
    """Measure one kind of page in both versions, in the order before, after, after, before.

    So a machine that slows down, or anything one version leaves behind for the other, costs both the same.
    """
    first = await before.measure(name, seconds / 2)
    others = [await after.measure(name, seconds / 2) for _ in range(2)]
    return cost_of(first, await before.measure(name, seconds / 2)), cost_of(*others)


def cost_of(*parts: tuple[Cpu, int]) -> Cost:
    """Divide processor time by pages."""
    pages = sum(count for _, count in parts)
    worker, postgres = sum(used.worker for used, _ in parts), sum(used.postgres for used, _ in parts)
    return Cost(1000 * worker / pages, 1000 * postgres / pages)


def compared(name: str, costs: list[tuple[Cost, Cost]], before: Version, after: Version) -> ComparedPage:
    old, new = zip(*costs, strict=True)
    return ComparedPage(name, list(old), list(new), before.statements[name], after.statements[name])
