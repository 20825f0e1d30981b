"""Mail: a job writes and sends it, and tries for a day.

Its arguments are ids, and addresses that nothing else stores. Links and tokens are made when the mail is sent.
A mail that has become pointless in the meantime is not sent.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.tasks import task
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from accounts.models import NotAllowed, User
from chatsite.jobs.declaring import retried
from chatsite.jobs.models import Job

MAX_SHOWN = 50
UNKNOWN = "–"
Writer = Callable[..., EmailMessage | None]
writers: dict[str, Writer] = {}


def writer(kind: str) -> Callable[[Writer], Writer]:
    """Register a function that writes a kind of mail from ids, or returns None if the mail has become pointless."""

    def register(write: Writer) -> Writer:
        writers[kind] = write
        return write

    return register


@retried(timedelta(days=1))
@task
def send_mail(kind: str, language: str, **ids: int | str | None) -> None:
    """Write a mail from the current data, and send it."""
    if message := write(kind, language, **ids):
        message.send()


def send_later(kind: str, **ids: int | str | None) -> None:
    """Enqueue a mail in the language of this thread, if this site sends any."""
    if settings.MAIL:
        send_mail.enqueue(kind=kind, language=get_language(), **ids)


def write(kind: str, language: str, **ids: int | str | None) -> EmailMessage | None:
    with override(language):
        return writers[kind](**ids)


@dataclass(frozen=True)
class Undelivered:
    """A mail that could not be sent; it may be retried."""

    subject: str
    address: str
    reason: str
    failed_at: datetime
    will_be_tried: bool


def undelivered_mail(by: User) -> list[Undelivered]:
    """List the mails of the last seven days that could not be sent; raise NotAllowed for all but owners and admins."""
    if not by.has_perm("mail"):
        raise NotAllowed(_("Only owners and admins can see which mail could not be delivered."))
    jobs = Job.objects.troubled(send_mail.module_path)[:MAX_SHOWN]
    return [described(job, message) for job in jobs if (message := written(job))]


def written(job: Job) -> EmailMessage | None:
    """Write the mail of a job to show it: only its kind if what fails is writing it; None if its reason has gone."""
    try:
        return write(**job.options)
    except Exception:  # whatever has failed the job: the page has to say so, not to fail as well
        return EmailMessage(subject=job.options.get("kind", ""), to=[UNKNOWN])


def described(job: Job, message: EmailMessage) -> Undelivered:
    return Undelivered(
        subject=str(message.subject),
        address=", ".join(message.to),
        reason=job.error.reason,
        failed_at=job.error.failed_at,
        will_be_tried=job.status == Job.Status.WAITING,
    )
