"""Addresses in mail: of the site, its pages, and whom a mail is from."""

from email.headerregistry import Address
from email.utils import parseaddr
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.encoding import punycode

from conversations.notifications.mail.message import one_line
from conversations.notifications.mail.unsubscribing import token_for


def host() -> str:
    """Return the name of this site, by which mail programs recognise its mails."""
    return punycode(urlsplit(settings.SITE_ADDRESS).hostname or "localhost")


def site() -> str:
    """Return the address of this site in ASCII, as headers need it."""
    parts = urlsplit(settings.SITE_ADDRESS)
    return parts._replace(netloc=host() + (f":{parts.port}" if parts.port else "")).geturl()


def page(name: str, *arguments: int | str) -> str:
    return site() + reverse(name, args=arguments)


def why_page(message_id: int) -> str:
    """Return the page that says why a person was notified of a message."""
    return page("why", message_id)


def settings_page() -> str:
    return page("notification-settings")


def unsubscribe_page(user_id: int, kind: str) -> str:
    return page("unsubscribe", token_for(user_id, kind))


def sender(workspace: str) -> str:
    """Return the address that mail is from, under the name of the workspace unless MAIL_FROM has one."""
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return str(Address(one_line(name or workspace), addr_spec=address))
