"""The first line below each mail: by which choice its reader gets it, and since when."""

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from accounts.models import User
from conversations.notifications.mail.writing import locale_of
from conversations.notifications.models import NotificationSettings


def why(chosen: NotificationSettings, person: User) -> str:
    """Say why a person gets mail about messages, in their language."""
    with locale_of(person).active():
        words = _("You get mail about messages to you that you have not seen after ten minutes.")
        return f"{words} {since(chosen, 'mail_off')}".strip()


def why_digest(chosen: NotificationSettings, person: User) -> str:
    """Say why a person gets digests, in their language."""
    with locale_of(person).active():
        words = _("You get a digest every day.") if chosen.digest == "daily" else _("You get a digest once a week.")
        return f"{words} {since(chosen, 'digest')}".strip()


def since(chosen: NotificationSettings, name: str) -> str:
    """Say since when a setting holds, unless nobody has changed it."""
    changed = chosen.since(name)
    if changed is None:
        return ""
    return _("You chose that on %(day)s.") % {"day": date_format(localtime(changed), "DATE_FORMAT")}
