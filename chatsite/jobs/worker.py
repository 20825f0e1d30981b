"""A worker: a thread with its own event loop that fetches and runs jobs, and frees the jobs of killed workers."""

import asyncio
import logging
import threading

import psycopg
import psycopg_pool
from procrastinate import App, exceptions
from procrastinate.worker import Worker as Procrastinate

from chatsite.jobs.heavy import HeavyProcess
from chatsite.jobs.running import make_app
from chatsite.jobs.tending import HEARTBEAT_SECONDS, STALE_SECONDS, TEND, VALUES

log = logging.getLogger(__name__)

LIGHT, HEAVY = "default", "heavy"
LIGHT_THREADS = 2
POLL_SECONDS = 10  # in case a notification is lost
TEND_SECONDS = 5
RECONNECT_SECONDS = 2
FINISH_SECONDS = 5  # for running jobs when the process ends; less than granian allows it
DATABASE_ERRORS = (exceptions.ConnectorException, psycopg.Error, psycopg_pool.PoolTimeout)


class Worker(threading.Thread):
    """Runs the jobs of one queue; for the light queue also runs the schedule and starts the process of heavy jobs."""

    def __init__(self, queue: str = LIGHT) -> None:
        super().__init__(name="jobs")
        self.queue = queue
        self.heavy = HeavyProcess() if queue == LIGHT else None
        self.stopping = threading.Event()
        self.loop: asyncio.AbstractEventLoop | None = None
        self.current: Procrastinate | None = None

    def run(self) -> None:
        asyncio.run(self.work())
        if self.heavy:
            self.heavy.stop()
            self.heavy.wait()

    def stop(self) -> None:
        """Make the worker finish its jobs, or hand them back after FINISH_SECONDS; return at once."""
        self.stopping.set()
        if self.heavy:
            self.heavy.stop()
        if current := self.current:
            current.stop()

    async def work(self) -> None:
        """Work until `stop`; log one line for each outage of the database."""
        waited_for = ""
        while not self.stopping.is_set():
            try:
                async with make_app(with_clock=self.queue == LIGHT).open_async() as app:
                    waited_for = ""
                    await self.work_with(app)
            except DATABASE_ERRORS as error:
                if not waited_for:
                    waited_for = str(error.__cause__ or error).strip().partition("\n")[0]
                    log.warning("jobs are waiting: %s", waited_for)
            except Exception:
                log.exception("the worker failed and will restart")
            if not self.stopping.is_set():
                await asyncio.sleep(RECONNECT_SECONDS)

    async def work_with(self, app: App) -> None:
        self.current = worker = Procrastinate(
            app,
            queues=[self.queue],
            name="chatsite",
            concurrency=LIGHT_THREADS if self.queue == LIGHT else 1,
            fetch_job_polling_interval=POLL_SECONDS,
            abort_job_polling_interval=3600,  # nothing aborts jobs
            shutdown_graceful_timeout=FINISH_SECONDS,
            update_heartbeat_interval=HEARTBEAT_SECONDS,
            stalled_worker_timeout=STALE_SECONDS,
            install_signal_handlers=False,
        )
        tending = asyncio.create_task(self.tend(app, worker))
        running = asyncio.create_task(worker.run())
        try:
            await asyncio.wait([tending, running], return_when=asyncio.FIRST_COMPLETED)
            worker.stop()
            await running
            if tending.done():
                tending.result()
        finally:
            tending.cancel()

    async def tend(self, app: App, worker: Procrastinate) -> None:
        """Free the jobs of killed processes, and start the process of heavy jobs while any are due."""
        while not self.stopping.is_set():
            found = await app.connector.execute_query_one_async(TEND, **VALUES)
            if self.heavy and found["is_heavy_due"]:
                self.heavy.start()
            is_done = self.queue == HEAVY and not found["is_heavy_due"] and not worker._running_jobs
            if is_done or not threading.main_thread().is_alive():
                self.stopping.set()
            await asyncio.sleep(0 if self.stopping.is_set() else TEND_SECONDS)
