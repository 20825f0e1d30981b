"""The job that deletes finished jobs."""

from django.tasks import task

from chatsite.jobs.declaring import every
from chatsite.jobs.models import Job


@every("23 * * * *")
@task
def delete_finished_jobs() -> None:
    Job.objects.delete_finished()
