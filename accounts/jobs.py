"""The jobs of accounts: mail, which is in mail.py, and deleting expired data."""

from django.tasks import task

from accounts.adapters import account_mail
from accounts.mail import send_mail
from accounts.models import CacheEntry
from accounts.models.limits import delete_full_buckets
from accounts.sessions import SessionStore
from chatsite.jobs.declaring import every

__all__ = ["account_mail", "delete_expired", "send_mail"]  # imported so that the worker knows how to write mail


@every("41 * * * *")
@task
def delete_expired() -> None:
    """Delete expired sessions, full limits and expired rows of the cache."""
    SessionStore.clear_expired()
    delete_full_buckets()
    CacheEntry.objects.delete_expired()
