"""Pages of a conversation's history: each at an address of its own, at the same cost however far back."""

from dataclasses import dataclass
from datetime import UTC, datetime

from accounts.models import User
from chatsite.speed.prepared import Prepared
from conversations.models.conversation.conversation import Conversation
from conversations.models.message.message import PAGE, Message, MessageQuerySet
from conversations.text.cursors import Cursor

SHOWN = {"id", "username", "display_name", "picture_digest"}  # of senders
UNSHOWN = ["client_key", "file_names"]  # of messages, besides the rest of their senders
UNSHOWN += [f"user__{field.name}" for field in User._meta.concrete_fields if field.name not in SHOWN]


@dataclass(frozen=True)
class MessagePage:
    """Messages, oldest first, and the cursors of the pages before and after them where there are such."""

    messages: list[Message]
    older: Cursor | None
    newer: Cursor | None

    def last_unread_since(self, last_read_at: datetime | None) -> Message | None:
        """Give the last message here, if who has read up to `last_read_at` (None: no member) has not seen it."""
        last = self.messages[-1] if self.messages else None
        return last if last and last_read_at and last.created_at > last_read_at else None


def latest(conversation: Conversation) -> MessagePage:
    return _page_of(list(LATEST(place=conversation.pk)), PAGE, newer_exists=False)


def older(conversation: Conversation, cursor: Cursor) -> MessagePage:
    found = OLDER(place=conversation.pk, time=cursor.time, id=cursor.id)
    return _page_of(list(found), PAGE, newer_exists=True)


def oldest(messages: MessageQuerySet, size: int = PAGE) -> MessagePage:
    page = _towards_the_present(messages, size)
    return MessagePage(page.messages, None, page.newer)


def before(messages: MessageQuerySet, cursor: Cursor, size: int = PAGE) -> MessagePage:
    return _towards_the_past(messages.before(cursor), newer_exists=True, size=size)


def after(messages: MessageQuerySet, cursor: Cursor, size: int = PAGE) -> MessagePage:
    return _towards_the_present(messages.after(cursor), size)


def around(messages: MessageQuerySet, middle: Message) -> MessagePage:
    """Give the page that has `middle` in its middle, as far as there are messages on both sides of it."""
    past = _towards_the_past(messages.before(middle.cursor), newer_exists=True, size=PAGE // 2)
    future = after(messages, middle.cursor, PAGE // 2)
    shown = [*past.messages, *([] if middle.deleted_at else [middle]), *future.messages]
    return MessagePage(shown, past.older, future.newer)


def _towards_the_past(messages: MessageQuerySet, *, newer_exists: bool, size: int = PAGE) -> MessagePage:
    found = list(messages.with_extras().latest_page(size + 1))  # one more tells whether there are older ones
    return _page_of(found, size, newer_exists=newer_exists)


def _page_of(found: list[Message], size: int, *, newer_exists: bool) -> MessagePage:
    page = found[:size][::-1]
    older = page[0].cursor if len(found) > size else None
    return MessagePage(page, older, page[-1].cursor if page and newer_exists else None)


def _towards_the_present(messages: MessageQuerySet, size: int) -> MessagePage:
    found = list(messages.with_extras().not_deleted().oldest_first()[: size + 1])
    page = found[:size]
    return MessagePage(page, page[0].cursor if page else None, page[-1].cursor if len(found) > size else None)


def _said_in(place: int) -> MessageQuerySet:
    """Query messages with only what a page shows; where a query is not prepared, to say so would take longer."""
    return Message.objects.filter(conversation=place).with_extras().defer(*UNSHOWN)


LATEST = Prepared(lambda place: _said_in(place).latest_page(PAGE + 1), place=-1)
OLDER = Prepared(
    lambda place, time, id: _said_in(place).before(Cursor(time, id)).latest_page(PAGE + 1),
    place=-1,
    time=datetime.min.replace(tzinfo=UTC),
    id=-2,
)
