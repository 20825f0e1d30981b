"""The backend of `django.tasks`: it stores jobs in procrastinate's table, from which workers fetch them."""

from functools import partial
from typing import Any

from django.db import connection, transaction
from django.tasks import Task, TaskResult, TaskResultStatus
from django.tasks.backends.base import BaseTaskBackend
from django.tasks.exceptions import InvalidTask
from django.tasks.signals import task_enqueued
from django.utils import timezone
from psycopg.types.json import Jsonb

from chatsite.jobs.declaring import RegisteredTask

DEFER = """
SELECT unnest(procrastinate_defer_jobs_v1(ARRAY[
    ROW(%(queue)s, %(task)s, %(priority)s, NULL, NULL, %(args)s, %(run_after)s)
]::procrastinate_job_to_defer_v1[]))
"""


class JobBackend(BaseTaskBackend):
    """Stores each job when the transaction that enqueues it has committed."""

    task_class = RegisteredTask
    supports_defer = True
    supports_priority = True

    def validate_task(self, task: Task) -> None:
        super().validate_task(task)
        if task.takes_context:
            raise InvalidTask("Jobs take no context: pass what they need as arguments.")

    def enqueue(self, task: Task, args: Any, kwargs: Any) -> TaskResult:
        """Store a job after the commit, or at once outside a transaction; only then the result has an id."""
        self.validate_task(task)
        result: TaskResult = TaskResult(
            task=task,
            id="",
            status=TaskResultStatus.READY,
            enqueued_at=None,
            started_at=None,
            finished_at=None,
            last_attempted_at=None,
            args=list(args),
            kwargs=kwargs,
            backend=self.alias,
            errors=[],
            worker_ids=[],
        )
        transaction.on_commit(partial(self.store, result))
        return result

    def store(self, result: TaskResult) -> None:
        """Insert the row of a job, and set the id of its result."""
        task = result.task
        values: dict[str, Any] = {
            "queue": task.queue_name,
            "task": task.module_path,
            "priority": task.priority,
            "args": Jsonb({"args": result.args, "kwargs": result.kwargs}),
            "run_after": task.run_after,
        }
        with connection.cursor() as cursor:
            cursor.execute(DEFER, values)
            (number,) = cursor.fetchone()
        object.__setattr__(result, "id", str(number))  # frozen; Django's own backends do the same
        object.__setattr__(result, "enqueued_at", timezone.now())
        task_enqueued.send(type(self), task_result=result)
