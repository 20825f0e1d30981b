"""Write allauth's mails from ids when they are sent, and extract the ids that they need."""

from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from accounts.mail import UNKNOWN, send_later, writer
from accounts.models import User, Workspace

RESET, CONFIRM, EXISTS, NOTIFY = "password reset", "address confirmation", "account exists", "notification"


def render(template: str, address: str, **context: Any) -> EmailMessage:
    """Write one of allauth's mails; `template` is the path without `_subject.txt` and `_message.txt`."""
    site = SimpleNamespace(name=Workspace.objects.current().name, domain=urlsplit(settings.SITE_ADDRESS).netloc)
    return get_adapter().render_mail(template, address, {"email": address, "current_site": site, **context})


def absolute(name: str, *arguments: str) -> str:
    return settings.SITE_ADDRESS + reverse(name, args=arguments)


@writer(RESET)
def write_reset(user: int = 0, address: str = "") -> EmailMessage | None:
    """Write the mail with a password reset link; none for an unknown or deactivated account."""
    active = User.objects.active()
    found = active.with_address(address).first() if address else active.filter(pk=user).first()
    if not found:
        return None
    link = settings.SITE_ADDRESS + found.reset_path
    context = {"user": found, "username": found.username, "password_reset_url": link}
    return render("account/email/password_reset_key", found.email, **context)


@writer(CONFIRM)
def write_confirmation(address: int, is_new: bool) -> EmailMessage | None:
    """Write the mail with a link to confirm an address, unless it was confirmed in the meantime."""
    found = EmailAddress.objects.filter(pk=address, verified=False).select_related("user").first()
    if not found:
        return None
    link = absolute("account_confirm_email", EmailConfirmationHMAC.create(found).key)
    template = "account/email/email_confirmation_signup" if is_new else "account/email/email_confirmation"
    return render(template, found.email, user=found.user, activate_url=link)


@writer(EXISTS)
def write_exists(user: int) -> EmailMessage | None:
    """Write the mail to a person whose address somebody tried to sign up with."""
    found = User.objects.active().filter(pk=user).first()
    if not found:
        return None
    links = {"signup_url": absolute("account_signup"), "password_reset_url": absolute("account_reset_password")}
    return render("account/email/account_already_exists", found.email, **links)


def tell_old_address(user: User, old: str) -> None:
    """Tell a person at their old address that an owner or admin has changed it."""
    moment, addresses = timezone.now().isoformat(), {"from_email": old, "to_email": user.email}
    send_later(NOTIFY, user=user.pk, template="account/email/email_changed", at=moment, address=old, **addresses)


@writer(NOTIFY)
def write_notification(
    user: int, template: str, at: str, visit: int | None = None, address: str | None = None, **details: str
) -> EmailMessage | None:
    """Write the mail to a person whose account has changed; `address` is the one they had until now."""
    found = User.objects.filter(pk=user).first()
    if not found:
        return None
    seen = UserSession.objects.filter(pk=visit).first()
    origin = {"ip": seen.ip, "user_agent": seen.user_agent} if seen else {"ip": UNKNOWN, "user_agent": UNKNOWN}
    return render(template, address or found.email, timestamp=parse_datetime(at), **origin | details)
