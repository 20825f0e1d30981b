"""What tests of mail share: writing one, and reading it as it arrives."""

import email
import email.policy
from email.policy import SMTP

from conversations.models import Message
from conversations.notifications.mail.contents import Entry, Group
from conversations.notifications.mail.writing import write

WHY = "You get mail for mentions, since 3 November."


def entry(reader, message, reason="mention"):
    """Load a message as its reader sees it."""
    return Entry(Message.objects.visible_to(reader).with_extras().get(pk=message.pk), reason)


def group(reader, conversation, *messages, reason="mention", name=None):
    entries = [entry(reader, message, reason) for message in messages]
    return Group(conversation.pk, name or conversation.title, entries)


def written(reader, *groups, **options):
    """Write a mail, and read it as it arrives."""
    return arrived(write(reader, groups, **{"workspace": "Harbour", "why": WHY} | options))


def arrived(mail):
    """Parse what a mail server gets."""
    return read(mail.message(policy=SMTP).as_bytes())


def read(received):
    return email.message_from_bytes(received, policy=email.policy.default)


def text_of(mail):
    return mail.get_body(["plain"]).get_content()


def html_of(mail):
    return mail.get_body(["html"]).get_content()
