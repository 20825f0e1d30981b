"""Pages of a conversation's history: each has its own URL, and costs the same however far back it is."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from accounts.models import User
from chatsite.speed.keyset import MAX_PAGE_BYTES, Page
from chatsite.speed.prepared import Prepared
from conversations.models.conversation.conversation import Conversation
from conversations.models.message.message import PAGE_MESSAGES, Message, MessageQuerySet
from conversations.text.cursors import Cursor

AFTER_ALL = Cursor(datetime(9999, 1, 1, tzinfo=UTC), 0)
SENDER_FIELDS = {"id", "username", "display_name", "picture_digest"}
DEFERRED = ["client_key", "file_names", "is_silent"]
DEFERRED += [f"user__{field.name}" for field in User._meta.concrete_fields if field.name not in SENDER_FIELDS]


@dataclass(frozen=True)
class MessagePage:
    """Messages, oldest first, and the cursors of the pages before and after them, if any."""

    messages: list[Message]
    older: Cursor | None
    newer: Cursor | None

    def last_unread_since(self, last_read_at: datetime | None) -> Message | None:
        """Return the last message here, if a member who has read up to `last_read_at` has not seen it."""
        last = self.messages[-1] if self.messages else None
        return last if last and last_read_at and last.created_at > last_read_at else None


def latest(
    conversation: Conversation, max_bytes: int = MAX_PAGE_BYTES, min_rows: int = 1, size: int = PAGE_MESSAGES
) -> MessagePage:
    if size != PAGE_MESSAGES:
        return newest(conversation.timeline, size, max_bytes)
    page = _read(LATEST, conversation).first_page(PAGE_MESSAGES, max_bytes, min_rows, AFTER_ALL)
    return _backwards(page, newer_exists=False)


def older(conversation: Conversation, cursor: Cursor, size: int = PAGE_MESSAGES) -> MessagePage:
    if size != PAGE_MESSAGES:
        return before(conversation.timeline, cursor, size)
    found = _read(OLDER, conversation, time=cursor.time, id=cursor.id)
    return _backwards(found.first_page(PAGE_MESSAGES), newer_exists=True)


def oldest(messages: MessageQuerySet, size: int = PAGE_MESSAGES) -> MessagePage:
    page = _towards_the_present(messages, None, size)
    return MessagePage(page.messages, None, page.newer)


def newest(messages: MessageQuerySet, size: int, max_bytes: int = MAX_PAGE_BYTES) -> MessagePage:
    found = messages.with_extras().not_deleted().newest_first()
    return _backwards(found.page(None, size, max_bytes), newer_exists=False)


def before(messages: MessageQuerySet, cursor: Cursor, size: int = PAGE_MESSAGES, *limits: int) -> MessagePage:
    """Return the page before a cursor; `limits` are `max_bytes` and `min_rows` of `Keyset.page`."""
    found = messages.with_extras().not_deleted().newest_first()
    return _backwards(found.page(cursor, size, *limits), newer_exists=True)


def after(messages: MessageQuerySet, cursor: Cursor, size: int = PAGE_MESSAGES, *limits: int) -> MessagePage:
    return _towards_the_present(messages, cursor, size, *limits)


def around(
    messages: MessageQuerySet, middle: Message, size: int = PAGE_MESSAGES, max_bytes: int = MAX_PAGE_BYTES
) -> MessagePage:
    """Return the page with `middle` in its middle, if there are enough messages on both sides."""
    room = max(0, max_bytes - messages.bytes_of(middle)) // 2
    past = before(messages, middle.cursor, size // 2, room, 0)
    future = after(messages, middle.cursor, size // 2, room, 0)
    shown = [*past.messages, *([] if middle.deleted_at else [middle]), *future.messages]
    return MessagePage(shown, past.older, future.newer)


def _backwards(page: Page[Message, Cursor], *, newer_exists: bool) -> MessagePage:
    """Reverse a page that was read from its newest message."""
    messages = page.rows[::-1]
    return MessagePage(messages, page.next, messages[-1].cursor if messages and newer_exists else None)


def _towards_the_present(messages: MessageQuerySet, cursor: Cursor | None, size: int, *limits: int) -> MessagePage:
    page = messages.with_extras().not_deleted().oldest_first().page(cursor, size, *limits)
    return MessagePage(page.rows, page.rows[0].cursor if page.rows else None, page.next)


def _read(prepared: dict[bool, Prepared], conversation: Conversation, **values: Any) -> MessageQuerySet:
    """Run the query for the reader given to `as_seen_by`."""
    if conversation.history_from is None:
        found = prepared[False](conversation=conversation.pk, **values)
    else:
        found = prepared[True](conversation=conversation.pk, since=conversation.history_from, **values)
    found.reader = conversation.member_id
    return found


def _messages_of(conversation: int, since: datetime | None) -> MessageQuerySet:
    """Query messages with only the columns that a page shows; deferring pays only in prepared queries."""
    return Message.objects.filter(conversation=conversation).posted_since(since).with_extras().defer(*DEFERRED)


def _latest(conversation: int, since: datetime | None = None) -> MessageQuerySet:
    return _messages_of(conversation, since).latest_page(PAGE_MESSAGES + 1)


def _older(conversation: int, time: datetime, id: int, since: datetime | None = None) -> MessageQuerySet:
    found = _messages_of(conversation, since).not_deleted().of_timeline().newest_first()
    return found.beyond(Cursor(time, id))[: PAGE_MESSAGES + 1]


# By whether the history of the reader is limited.
PLACE = {"conversation": -1, "time": datetime.min.replace(tzinfo=UTC), "id": -2}
SINCE = datetime.min.replace(tzinfo=UTC, year=2)
LATEST = {False: Prepared(_latest, conversation=-1), True: Prepared(_latest, conversation=-1, since=SINCE)}
OLDER = {False: Prepared(_older, **PLACE), True: Prepared(_older, **PLACE, since=SINCE)}
