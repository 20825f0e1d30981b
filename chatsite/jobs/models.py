"""Jobs as rows of procrastinate's table, and the error of each job's last failed attempt."""

from datetime import timedelta
from typing import Any

from django.db import connection, models
from django.db.models.expressions import RawSQL

MAX_REASON_CHARACTERS = 1000
AGE = "SELECT now() - min(at) FROM procrastinate_events WHERE job_id = procrastinate_jobs.id AND type = 'deferred'"
STORE = """
INSERT INTO job_errors (job_id, reason, failed_at) VALUES (%s, %s, now())
ON CONFLICT (job_id) DO UPDATE SET reason = excluded.reason, failed_at = excluded.failed_at
"""
RETRY = """
WITH again AS (
    UPDATE procrastinate_jobs SET status = 'todo', scheduled_at = NULL, attempts = 0
    WHERE status = 'failed' AND id = ANY(%s) RETURNING id, queue_name
)
SELECT id, pg_notify('procrastinate_queue_v1#' || queue_name, '{"type": "job_inserted", "job_id": ' || id || '}')
FROM again
"""
DELETE_FINISHED = """
DELETE FROM procrastinate_jobs WHERE status NOT IN ('todo', 'doing') AND NOT EXISTS (
    SELECT FROM procrastinate_events WHERE job_id = procrastinate_jobs.id AND at > now() - interval '7 days'
)
"""
COUNT = """
SELECT count(*) FILTER (WHERE status = 'todo'), count(*) FILTER (WHERE status = 'doing'),
    count(*) FILTER (WHERE status = 'failed'), (SELECT count(*) FROM procrastinate_workers)
FROM procrastinate_jobs WHERE status IN ('todo', 'doing', 'failed')
"""


class JobQuerySet(models.QuerySet["Job"]):
    """Jobs by their state."""

    def unfinished(self) -> "JobQuerySet":
        """Select the jobs that are waiting, running or failed, the oldest first, with their age and last error."""
        age = RawSQL(AGE, [], models.DurationField())  # noqa: S611 – our own words
        found = self.filter(status__in=[Job.Status.WAITING, Job.Status.RUNNING, Job.Status.FAILED])
        return found.select_related("error").annotate(age=age).order_by("pk")

    def troubled(self, task: str) -> "JobQuerySet":
        """Select the jobs of a task whose last attempt failed, to be retried or not, the latest failure first."""
        found = self.filter(task_name=task, error__isnull=False, status__in=[Job.Status.WAITING, Job.Status.FAILED])
        return found.select_related("error").order_by("-error__failed_at")

    def numbered(self, pk: int) -> "JobQuerySet":
        return self.filter(pk=pk)

    def retry(self) -> int:
        """Run failed jobs again, with their attempts counted from 0; return how many."""
        with connection.cursor() as cursor:
            cursor.execute(RETRY, [list(self.values_list("pk", flat=True))])
            return len(cursor.fetchall())

    def delete_finished(self) -> int:
        """Delete the jobs that ended more than seven days ago; return how many."""
        with connection.cursor() as cursor:
            cursor.execute(DELETE_FINISHED)
            return cursor.rowcount

    def counts(self) -> dict[str, int]:
        """Count the jobs that are waiting, running and failed, and the workers."""
        with connection.cursor() as cursor:
            cursor.execute(COUNT)
            return dict(zip(["waiting", "running", "failed", "workers"], cursor.fetchone(), strict=True))


class Job(models.Model):
    """A row of procrastinate's table of jobs."""

    class Status(models.TextChoices):
        WAITING = "todo", "waiting"
        RUNNING = "doing", "running"
        FAILED = "failed", "failed"
        SUCCEEDED = "succeeded", "succeeded"

    id = models.BigIntegerField(primary_key=True)
    queue_name = models.CharField(max_length=128)
    task_name = models.CharField(max_length=128)
    args: models.JSONField = models.JSONField()
    status = models.CharField(max_length=32, choices=Status)
    scheduled_at = models.DateTimeField(null=True)
    attempts = models.IntegerField()
    age: timedelta | None = None  # since it was enqueued; set by `unfinished`

    objects = JobQuerySet.as_manager()

    class Meta:
        managed = False
        db_table = "procrastinate_jobs"
        default_permissions = ()

    def __str__(self) -> str:
        given = ", ".join([*map(repr, self.arguments), *(f"{name}={value!r}" for name, value in self.options.items())])
        return f"{self.task_name}({given})"

    @property
    def arguments(self) -> list[Any]:
        return self.args.get("args", [])

    @property
    def options(self) -> dict[str, Any]:
        return self.args.get("kwargs", {})


class JobErrorQuerySet(models.QuerySet["JobError"]):
    """Errors of jobs."""

    def store(self, job_id: int, error: BaseException) -> None:
        """Store the error of the last attempt in place of an earlier one."""
        message = str(error).strip().partition("\n")[0]  # further lines of a database error contain rows
        reason = f"{type(error).__name__}: {message}"[:MAX_REASON_CHARACTERS]
        with connection.cursor() as cursor:
            cursor.execute(STORE, [job_id, reason])


class JobError(models.Model):
    """The error of a job's last failed attempt; procrastinate stores only that it failed."""

    job = models.OneToOneField(Job, models.DB_CASCADE, primary_key=True, related_name="error")
    reason = models.TextField()
    failed_at = models.DateTimeField()

    objects = JobErrorQuerySet.as_manager()

    class Meta:
        db_table = "job_errors"
        default_permissions = ()

    def __str__(self) -> str:
        return self.reason
