"""The jobs of accounts: mail, which is in mail.py, deleting expired data, and cleaning old names."""

from django.tasks import task

from accounts.adapters import account_mail
from accounts.mail import send_mail
from accounts.models import CacheEntry
from accounts.models.limits import delete_full_buckets
from accounts.models.user.name import clean_stored_names
from accounts.sessions import SessionStore
from chatsite.jobs.declaring import every

__all__ = [
    "account_mail",
    "clean_names",
    "delete_expired",
    "send_mail",
]  # mail is imported so that the worker knows how to write mail


@every("41 * * * *")
@task
def delete_expired() -> None:
    """Delete expired sessions, full limits and expired rows of the cache."""
    SessionStore.clear_expired()
    delete_full_buckets()
    CacheEntry.objects.delete_expired()


@every("29 * * * *")
@task
def clean_names() -> None:
    """Clean names that release 0.1 or another program stored: they could disturb the text around them."""
    clean_stored_names()
