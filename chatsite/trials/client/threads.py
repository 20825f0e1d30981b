"""How code that is not a coroutine waits for one."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any


def finish(coroutine: Coroutine) -> Any:
    """Run a coroutine to its end, in a thread of its own: this one may have an event loop, as with Playwright."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, coroutine).result()
