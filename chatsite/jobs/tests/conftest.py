import json
import time
from contextlib import contextmanager

import pytest

from chatsite.jobs.tests.trial.jobs import TABLE

SETTINGS = {"DJANGO_SETTINGS_MODULE": "chatsite.jobs.tests.site_settings"}
ENQUEUE = """
SELECT unnest(procrastinate_defer_jobs_v1(ARRAY[
    ROW(%s, %s, 0, NULL, NULL, %s, NULL)
]::procrastinate_job_to_defer_v1[]))
"""
SECONDS_TO_WAIT = 90


class Jobs:
    """The jobs of a running site, seen from outside."""

    def __init__(self, site):
        self.site, self.database = site, site.database()
        self.database.execute(TABLE)

    def enqueue(self, name, *arguments, queue="default"):
        values = [queue, f"chatsite.jobs.tests.trial.jobs.{name}", json.dumps({"args": arguments, "kwargs": {}})]
        [(number,)] = self.database.execute(ENQUEUE, values).fetchall()
        return number

    def notes(self, word, step="begun"):
        """Return what jobs have noted: [(seconds since 1970, process id, niceness)]."""
        ask = "SELECT extract(epoch FROM at)::float, pid, nice FROM notes WHERE word = %s AND step = %s ORDER BY at"
        return self.database.execute(ask, [word, step]).fetchall()

    def wait_for(self, word, step="begun", count=1):
        deadline = time.monotonic() + SECONDS_TO_WAIT
        while len(found := self.notes(word, step)) < count:
            assert time.monotonic() < deadline, (word, step, self.rows(), self.site.log.read_text())
            time.sleep(0.05)
        return found

    def rows(self):
        ask = (
            "SELECT id, task_name, status::text, attempts, worker_id, scheduled_at FROM procrastinate_jobs ORDER BY id"
        )
        return self.database.execute(ask).fetchall()

    def status(self, number):
        [(status,)] = self.database.execute("SELECT status::text FROM procrastinate_jobs WHERE id = %s", [number])
        return status


@pytest.fixture
def jobs_on(site):
    """Start a site with test jobs: `with jobs_on(WORKERS="2") as jobs`."""

    @contextmanager
    def start(**variables):
        site.start(**SETTINGS, **variables)
        jobs = Jobs(site)
        try:
            yield jobs
        finally:
            jobs.database.close()

    return start
