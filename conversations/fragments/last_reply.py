"""The end of the line below the first message of a thread: when the last reply was posted, and whether it is new."""

from datetime import UTC, datetime
from typing import NamedTuple

from django.utils import timezone
from django.utils.safestring import SafeString

from accounts.models.locale import Locale
from chatsite.speed.fragments import show
from conversations.fragments.days import relative
from conversations.models import Message


class LastReplyFields(NamedTuple):
    """When the last reply in a thread was posted and by whom, and up to when the reader has read it, if they follow it.

    The day is named "today" or "yesterday" `until` a time.
    """

    at: float
    moment: datetime
    by: int | None
    read_at: float | None
    name: str | None
    until: datetime | None


def show_last_reply(message: Message, to: Locale) -> SafeString:
    """Render when the last reply to a message was posted, and whether it is new to the reader of the message.

    It is not a part of the message's HTML, which is the same for every reader and on every day.
    """
    summary = message.thread_summary or {}
    moment = datetime.fromtimestamp(summary["last_at"], UTC)
    when = relative(timezone.localdate(moment))
    fields = LastReplyFields(summary["last_at"], moment, summary["last_by"], message.thread_read_at, *when)
    return show("message/_last_reply.html", fields, to)
