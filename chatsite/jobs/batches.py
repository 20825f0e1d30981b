"""Work on a large table in small batches, so that nobody waits long for the locks of a batch."""

import time
from collections.abc import Callable

PAUSE_SECONDS = 0.2
MAX_SECONDS = 300  # then the task ends, to free its thread; its next run continues


def until_done(batch: Callable[[], int]) -> int:
    """Call a function that handles one batch until it returns 0; return the total."""
    total, deadline = 0, time.monotonic() + MAX_SECONDS
    while count := batch():
        total += count
        if time.monotonic() > deadline:
            break
        time.sleep(PAUSE_SECONDS)
    return total
