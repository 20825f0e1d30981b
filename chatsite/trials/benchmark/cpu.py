"""Measure how much processor time a site has used, in its worker and in PostgreSQL.

Two versions are compared by processor time rather than wall-clock time: other programs on the machine make a page wait
for a core, but do not make it cost more. Their effect on caches and clock rates is the same for both versions, because
the versions take turns.
"""

import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from chatsite.trials.client.site import WORKER, Site


@dataclass(frozen=True)
class Cpu:
    """Seconds of processor time."""

    worker: float
    postgres: float

    def __sub__(self, other: "Cpu") -> "Cpu":
        return Cpu(self.worker - other.worker, self.postgres - other.postgres)


def meter_of(site: Site) -> Callable[[], Cpu]:
    """Return a function that reads how much the site's only worker and all of its PostgreSQL have used so far."""
    [worker] = site.processes(WORKER)
    postmaster = psutil.Process(read_postmaster_pid(site.folder))
    return lambda: Cpu(seconds_of(worker), seconds_of_postgres(postmaster))


def read_postmaster_pid(folder: Path) -> int:
    return int((folder / "postgres" / "data" / "postmaster.pid").read_text().split()[0])


def seconds_of_postgres(postmaster: psutil.Process) -> float:
    """Add up all processes of a PostgreSQL server, including those that have ended."""
    ended = postmaster.cpu_times()
    living = [postmaster, *postmaster.children(recursive=True)]
    return ended.children_user + ended.children_system + sum(seconds_of(process.pid) for process in living)


def seconds_of(pid: int) -> float:
    """Return the processor time of one process without its children; 0 if it has ended."""
    with suppress(OSError, psutil.Error):
        if sys.platform == "linux":
            # Its CPU clock, in nanoseconds; psutil reads /proc, which counts in hundredths of a second. The expression
            # computes what clock_getcpuclockid(3) returns for a process id.
            return time.clock_gettime((~pid << 3) | 2)
        used = psutil.Process(pid).cpu_times()
        return used.user + used.system
    return 0
