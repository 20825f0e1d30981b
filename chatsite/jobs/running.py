"""How procrastinate runs our tasks: each job on a thread of its own, with a direct connection to the database."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.db import Error, connections
from django.tasks import Task
from procrastinate import App, BaseRetryStrategy, JobContext, PsycopgConnector, RetryDecision
from procrastinate.jobs import Job as StoredJob

from chatsite.jobs.connections import direct_parameters, use_direct_connection
from chatsite.jobs.declaring import Backoff, retries, schedules, tasks
from chatsite.jobs.models import JobError

MAX_CONNECTIONS = 2  # for a worker's own statements; it listens on another connection
MAX_DELAY_SECONDS = 86_400  # how late a periodic task may start if no process was running when it was due
# When to retry a job whose process has to end: by then the process is gone, so the job never runs twice at a time.
HANDED_BACK_SECONDS = 10


def make_app(with_clock: bool) -> App:
    """Create the procrastinate app of one worker, with all our tasks."""
    connector = PsycopgConnector(kwargs=direct_parameters(), min_size=1, max_size=MAX_CONNECTIONS)
    app = App(connector=connector, periodic_defaults={"max_delay": MAX_DELAY_SECONDS})
    for name, task in tasks.items():
        # A periodic task runs only once at a time. Several of its jobs may wait: a `queueing_lock` would prevent a job
        # that failed, or whose process was killed, from running again while the next one waits.
        lock = name if name in schedules else None
        options: dict[str, Any] = {"name": name, "queue": task.queue_name, "lock": lock}
        known = app.task(pass_context=True, retry=Retry(retries.get(name, Backoff())), **options)(runner(task))
        if with_clock and name in schedules:
            app.periodic(cron=schedules[name])(known)
    return app


class Retry(BaseRetryStrategy):
    """Retries a failed job as its task declares, and hands back a job whose process ends."""

    def __init__(self, backoff: Backoff) -> None:
        self.backoff = backoff

    def get_retry_decision(self, *, exception: BaseException, job: StoredJob) -> RetryDecision | None:
        if isinstance(exception, asyncio.CancelledError):
            return RetryDecision(retry_in={"seconds": HANDED_BACK_SECONDS})
        wait = self.backoff.wait_after(job.attempts)
        return None if wait is None else RetryDecision(retry_in={"seconds": wait})


def runner(task: Task) -> Callable:
    """Wrap a task in the coroutine function that procrastinate calls."""

    async def run(context: JobContext, args: Any = (), kwargs: Any = None, timestamp: int | None = None) -> None:
        await on_thread(perform, task, context.job.id, args, kwargs or {})

    return run


def perform(task: Task, job_id: int, args: list[Any], kwargs: dict[str, Any]) -> None:
    """Run a task in this thread; if it fails, store the error and raise it."""
    use_direct_connection()
    try:
        task.call(*args, **kwargs)
    except Exception as error:
        with suppress(Error):  # the database may be what has failed
            JobError.objects.store(job_id, error)
        raise
    finally:
        connections.close_all()


async def on_thread(function: Callable, *arguments: Any) -> None:
    """Call a function on a new daemon thread, which does not keep its process from ending."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[None] = loop.create_future()

    def finish(error: BaseException | None) -> None:
        if not done.done():
            done.set_exception(error) if error else done.set_result(None)

    def call() -> None:
        error = None
        try:
            function(*arguments)
        except BaseException as raised:
            error = raised
        with suppress(RuntimeError):  # the loop has ended meanwhile
            loop.call_soon_threadsafe(finish, error)

    threading.Thread(target=call, name="job", daemon=True).start()
    await done
