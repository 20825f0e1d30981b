"""The parent of the worker processes: it replaces those that die, however often, and more slowly if they die soon."""

import time
from typing import Any

from granian.server.mp import MPServer

STARTING_SECONDS = 30  # a worker that dies twice within this time means that the code or the machine is broken
CALM_SECONDS = 60  # after which earlier deaths are forgotten
MAX_WAIT_SECONDS = 15


class Workers(MPServer):
    """granian, except that it does not give up on workers that die again within seconds.

    A worker that dies twice during the start ends the site with an error, as it would keep dying.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.began = time.monotonic()
        self.deaths: list[float] = []

    def _respawn_workers(self, workers: list[int], spawn_target: Any, target_loader: Any, delay: float = 0) -> None:
        if not delay:  # they died, so none of them may be replaced twice
            workers = [number for number in sorted(set(workers)) if not self.wrks[number].is_alive()]
        now = time.monotonic()
        self.deaths = [death for death in self.deaths if now - death < CALM_SECONDS]
        self.main_loop_interrupt.wait(wait_after(len(self.deaths)))  # a signal to stop does not wait
        self.deaths += [now] * len(workers)
        super()._respawn_workers(workers, spawn_target, target_loader, delay)
        if now - self.began > STARTING_SECONDS:
            self.respawned_wrks.clear()  # granian ends if one of these dies again within 5.5 seconds
        # Others may have died meanwhile, which granian can overlook.
        if dead := [worker.idx for worker in self.wrks if not worker.is_alive()]:
            self.interrupt_children += dead
            self.main_loop_interrupt.set()


def wait_after(deaths: int) -> float:
    """Return the seconds to wait before the next start: none after a few deaths, then doubling up to a maximum."""
    return min(0.5 * 2 ** (deaths - 4), MAX_WAIT_SECONDS) if deaths > 3 else 0
