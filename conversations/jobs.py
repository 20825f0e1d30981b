"""The jobs of conversations: the mail of mail.py, and the nightly purge."""

from django.tasks import task

from chatsite.jobs.declaring import every
from conversations import mail
from conversations.models.message.deletable import ADMIN_RESTORE_PERIOD
from conversations.models.purging import purge_deleted

__all__ = ["mail", "purge"]  # imported so that the worker knows how to write mail


@every("17 3 * * *")
@task
def purge() -> None:
    """Purge what was deleted more than 30 days ago; files that belong to nothing are left to `manage.py purge`."""
    purge_deleted(ADMIN_RESTORE_PERIOD)
