"""Database work of coroutines, in threads apart from those that answer requests."""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import OperationalError, connection

from conversations.live.turns import Turns

log = logging.getLogger(__name__)

DATABASE_THREADS = 2
RETRY_SECONDS = 0.5  # during an outage an attempt fails at once


class DatabaseThreads:
    """The threads in which the streams of a process query the database."""

    def __init__(self) -> None:
        self.threads = ThreadPoolExecutor(DATABASE_THREADS, thread_name_prefix="live")
        # Streams that catch up share one thread, so that new changes always find the other one free.
        self.catching_up = Turns()

    async def run(self, function: Callable, *arguments: Any) -> Any:
        """Call a function in a thread, then return its connection to the pool."""

        def call() -> Any:
            try:
                return function(*arguments)
            finally:
                connection.close()

        return await asyncio.get_running_loop().run_in_executor(self.threads, call)


async def repeat(step: Callable) -> None:
    """Repeat a step forever, with a pause after an error."""
    while True:
        try:
            await step()
        except OperationalError:  # chatsite/postgres/outage.py logs it
            await asyncio.sleep(RETRY_SECONDS)
        except Exception:
            log.exception("a step of live delivery failed and will be repeated")
            await asyncio.sleep(RETRY_SECONDS)
