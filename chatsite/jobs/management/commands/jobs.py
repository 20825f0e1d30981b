"""List the jobs that are waiting, running or failed, or run failed ones again."""

from django.core.management import BaseCommand, CommandError
from django.template.defaultfilters import pluralize
from django.utils import timezone

from chatsite.jobs.models import Job


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--retry", metavar="ID", help="the id of a failed job to run again, or: all")

    def handle(self, retry, **options):
        if retry:
            self.retry(retry)
        else:
            lines = list(map(described, Job.objects.unfinished()))
            self.stdout.write("\n".join(lines) or "No job is waiting, running or failed.")

    def retry(self, which):
        if which != "all" and not which.isdecimal():
            raise CommandError("--retry takes the id of a job, or: all")
        count = (Job.objects.all() if which == "all" else Job.objects.numbered(int(which))).retry()
        if not count and which != "all":
            raise CommandError(f"there is no failed job {which}")
        self.stdout.write(f"{count} job{pluralize(count)} will run again.")


def described(job: Job) -> str:
    """Describe a job in one line, and its last error in a second one."""
    age = f"for {job.age.total_seconds():,.0f} s" if job.age is not None else ""
    tried = f", tried {job.attempts} time{pluralize(job.attempts)}" if job.attempts else ""
    later = job.status == Job.Status.WAITING and job.scheduled_at and job.scheduled_at > timezone.now()
    due = f", next at {job.scheduled_at:%Y-%m-%d %H:%M:%S} UTC" if later else ""
    error = f"\n        {job.error.reason}" if hasattr(job, "error") else ""
    return f"{job.pk:>6}  {job.get_status_display():8} {job}  {age}{tried}{due}{error}"
