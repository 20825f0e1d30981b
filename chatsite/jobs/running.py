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

MAX_CONNECTIONS = 2  # for the bookkeeping of a worker; it listens on one more
MAX_DELAY_SECONDS = 86_400  # how late the clock starts a task that was due while no process was up
# Of jobs that a process gives up as it ends: by then it is gone, so nothing runs twice at the same time.
HANDED_BACK_SECONDS = 10


def make_app(with_clock: bool) -> App:
    """Make procrastinate's view of our tasks, for one worker."""
    connector = PsycopgConnector(kwargs=direct_parameters(), min_size=1, max_size=MAX_CONNECTIONS)
    app = App(connector=connector, periodic_defaults={"max_delay": MAX_DELAY_SECONDS})
    for name, task in tasks.items():
        # A task of the clock runs only once at a time. It may wait several times: a `queueing_lock` would refuse to let
        # a run begin again that failed, or whose process was killed, while the next one waits.
        lock = name if name in schedules else None
        options: dict[str, Any] = {"name": name, "queue": task.queue_name, "lock": lock}
        known = app.task(pass_context=True, retry=Retry(retries.get(name, Backoff())), **options)(runner(task))
        if with_clock and name in schedules:
            app.periodic(cron=schedules[name])(known)
    return app


class Retry(BaseRetryStrategy):
    """Tries a job again as its task says, and hands back a job whose process ends."""

    def __init__(self, backoff: Backoff) -> None:
        self.backoff = backoff

    def get_retry_decision(self, *, exception: BaseException, job: StoredJob) -> RetryDecision | None:
        if isinstance(exception, asyncio.CancelledError):
            return RetryDecision(retry_in={"seconds": HANDED_BACK_SECONDS})
        wait = self.backoff.wait_after(job.attempts)
        return None if wait is None else RetryDecision(retry_in={"seconds": wait})


def runner(task: Task) -> Callable:
    """Wrap a task as procrastinate calls it."""

    async def run(context: JobContext, args: Any = (), kwargs: Any = None, timestamp: int | None = None) -> None:
        await on_thread(perform, task, context.job.id, args, kwargs or {})

    return run


def perform(task: Task, job_id: int, args: list[Any], kwargs: dict[str, Any]) -> None:
    """Run a task in this thread; store the error if it fails, and raise it."""
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
    """Call a function on a new thread, which does not keep a process alive that has to end."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[None] = loop.create_future()

    def tell(error: BaseException | None) -> None:
        if not done.done():
            done.set_exception(error) if error else done.set_result(None)

    def call() -> None:
        error = None
        try:
            function(*arguments)
        except BaseException as raised:
            error = raised
        with suppress(RuntimeError):  # the loop has ended meanwhile
            loop.call_soon_threadsafe(tell, error)

    threading.Thread(target=call, name="job", daemon=True).start()
    await done
