"""Work on a large table in small batches, so that nobody waits for what a batch holds."""

import time
from collections.abc import Callable

PAUSE_SECONDS = 0.2
MAX_SECONDS = 300  # then the task ends, so that the thread is free for others; its next run goes on


def until_done(batch: Callable[[], int]) -> int:
    """Call a function that handles one batch until it returns 0; return the sum of what it returned."""
    total, deadline = 0, time.monotonic() + MAX_SECONDS
    while count := batch():
        total += count
        if time.monotonic() > deadline:
            break
        time.sleep(PAUSE_SECONDS)
    return total
