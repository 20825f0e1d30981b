"""The benchmark of starting: how long the site takes to answer, and how much memory it then uses."""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import ClassVar

import psutil

from chatsite.trials.client.site import WORKER, Site

BYTES_PER_MB = 1_000_000
MAX_START_SECONDS = 10


@dataclass
class Starting:
    """The results: seconds until /readyz answers 200, and megabytes of 1,000,000 bytes while nobody uses the site."""

    first_start_s: float
    start_s: float
    idle_worker_mb: float
    idle_everything_mb: float
    columns: ClassVar = ["start and memory", "measured"]

    def rows(self) -> list[tuple[str, str]]:
        return [(name.replace("_", " "), f"{value:,.1f}") for name, value in asdict(self).items()]

    @property
    def misses(self) -> list[str]:
        return [f"a start takes more than {MAX_START_SECONDS} s"] if self.start_s > MAX_START_SECONDS else []


async def measure(site: Site, first_start: float, log: Callable[[str], None]) -> Starting:
    """Start a site for the second time; `first_start` is how many seconds the first start took."""
    log("starting it again")
    site.stop()
    began = time.perf_counter()
    site.start(WORKERS="1")
    seconds = time.perf_counter() - began
    return Starting(first_start, seconds, memory_of(site, WORKER), memory_of(site))


def memory_of(site: Site, name: str = "") -> float:
    """Add up the memory of the site's processes, or of those with a name; shared memory counts once."""
    total = 0
    for pid in site.processes(name):
        with suppress(psutil.Error):
            found = psutil.Process(pid).memory_full_info()
            total += getattr(found, "pss", found.rss)
    return total / BYTES_PER_MB
