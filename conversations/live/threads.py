"""How coroutines ask the database: in threads of their own, beside those that answer requests."""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import DatabaseError, connection

log = logging.getLogger(__name__)

THREADS = 2
PAUSE = 2  # seconds after an error


class DatabaseThreads:
    """A few threads, and the order in which they are used."""

    def __init__(self) -> None:
        self.threads = ThreadPoolExecutor(THREADS, thread_name_prefix="live")
        # Who catches up takes one thread at the most, so that what happens now is told by the other.
        self.one_at_a_time = asyncio.Lock()

    async def __call__(self, question: Callable, *arguments: Any) -> Any:
        """Ask in a thread, which then gives its connection back to the pool."""

        def answer() -> Any:
            try:
                return question(*arguments)
            finally:
                connection.close()

        return await asyncio.get_running_loop().run_in_executor(self.threads, answer)


async def again_and_again(step: Callable) -> None:
    """Go on with something for ever, also after an error."""
    while True:
        try:
            await step()
        except DatabaseError as error:
            log.warning("the database does not answer: %s", str(error).strip().partition("\n")[0])
            await asyncio.sleep(PAUSE)
        except Exception:
            log.exception("streams go on")
            await asyncio.sleep(PAUSE)
