"""Messages in order, under the headings of their days; the next message of a person continues the one before."""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from django.utils.safestring import SafeString

from accounts.models.locale import Locale
from chatsite.speed.fragments import render
from conversations.fragments.days import Day, show_day
from conversations.fragments.message import show_message
from conversations.models import Message

MAX_PAUSE = timedelta(seconds=300)  # between a message and the one that it continues


def show_messages(
    messages: Iterable[Message], first_unread: int | None, unread: SafeString, grouped: bool = True
) -> SafeString:
    """Render messages in order, with a heading for each day, and the line `unread` before the message `first_unread`.

    `grouped`: they are adjacent in their conversation, so that each may continue the previous one.
    """
    return SafeString("\n".join(parts(messages, first_unread, unread, grouped)))


def parts(
    messages: Iterable[Message], first_unread: int | None, unread: SafeString, grouped: bool
) -> Iterator[SafeString]:
    before, day, to = None, None, Locale.current()
    for message in messages:
        if message.deleted_at:
            yield render("message/_deleted.html", {"message": message})
            continue
        if message.id == first_unread:
            before = None
            yield unread
        if day is None or not day.begins <= message.created_at < day.ends:
            before = None
            day = Day.of(message.created_at)
            yield show_day(message.conversation_id, day.date, to)
        continues = grouped and before is not None and continues_previous(message, before)
        yield show_message(message, continues=continues, to=to)
        before = message


def continues_previous(message: Message, before: Message, in_thread: bool = False) -> bool:
    """Return whether a message continues its sender's previous one; grouping.js does the same for new messages."""
    names_another = message.reply_to_id and not (in_thread and message.reply_to_id == message.thread_id)
    if message.is_system or before.is_system or names_another:
        return False
    is_same = message.user_id is not None and message.user_id == before.user_id
    return is_same and message.created_at - before.created_at < MAX_PAUSE
