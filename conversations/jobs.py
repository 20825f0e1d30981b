"""The jobs of conversations: mail, which is in mail.py, the nightly purge, filling in facts, and indexing."""

from django.tasks import task
from django.utils.translation import override

from chatsite.jobs.batches import until_done
from chatsite.jobs.declaring import every
from conversations import mail
from conversations.models import Attachment, Invitation, Message, SearchIndex
from conversations.models.message.deletable import ADMIN_RESTORE_PERIOD
from conversations.models.purging import purge_deleted

__all__ = [
    "answer_request",
    "enqueue_fill_facts",
    "enqueue_reindex",
    "fill_facts",
    "mail",
    "purge",
    "reindex",
]  # `mail` is imported so that the worker knows how to write it


@task
def answer_request(email: str, language: str) -> None:
    """Send the invitation that a visitor requested, if people with this address may sign up and it has no account.

    Every request enqueues this job, so that the time of the response does not reveal which addresses have an account.
    """
    if invitation := Invitation.objects.request(email):
        with override(language):
            mail.send_invitation(invitation)


@every("17 3 * * *")
@task
def purge() -> None:
    """Purge everything deleted more than 30 days ago, and set orphaned files aside."""
    if remaining := purge_deleted(ADMIN_RESTORE_PERIOD).remaining:
        raise RuntimeError(f"{remaining} rows or files of purged messages remain")  # which `manage.py jobs` shows
    Attachment.objects.sweep()


@every("*/10 * * * *")
@task
def enqueue_fill_facts() -> None:
    """Enqueue `fill_facts` while there is work for it, so that its process is not started needlessly."""
    if Message.objects.without_facts().exists():
        fill_facts.enqueue()


@task(queue_name="heavy")
def fill_facts() -> None:
    """Find the facts of messages that release 0.1 or another program stored; five minutes at a time."""
    until_done(Message.objects.fill_facts)


@every("*/10 * * * *")
@task
def enqueue_reindex() -> None:
    """Enqueue `reindex` while there is work for it."""
    if not SearchIndex.objects.is_complete():
        reindex.enqueue()


@task(queue_name="heavy")
def reindex() -> None:
    """Index messages again that were stored before the way of indexing changed; five minutes at a time."""
    until_done(SearchIndex.objects.reindex)
