"""Fragments that many pages and streams show: messages under the headings of their days, and lines of the inbox.

Each fragment has a NamedTuple with all variables of its template. The tuple is also the key of the cached HTML.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from functools import lru_cache
from operator import attrgetter
from typing import Any, NamedTuple

from django.utils import timezone
from django.utils.safestring import SafeString

from accounts.models import User
from accounts.models.locale import Locale
from accounts.models.user.appearing import Appearance
from chatsite.speed.fragments import render, show
from conversations.models import Conversation, Message
from conversations.text.days import ONE_DAY, midnight

MAX_PAUSE = timedelta(seconds=300)  # between a message and the one that it continues


class MessageColumns(NamedTuple):
    """The fields of a message that a page shows, including those that `with_extras` adds."""

    user: Appearance | None
    html: str
    content: str  # empty, unless another program has written the message, without HTML
    pk: int
    revision: int
    created_at: datetime
    edited_at: datetime | None
    is_system: bool
    thread_id: int | None
    reply_to_id: int | None
    quote: str | None
    replied_to: dict[str, Any] | None
    reactions_summary: list[dict[str, Any]] | None
    reply_count: int
    files: list[dict[str, Any]] | None
    pinned: dict[str, Any] | None
    happened: dict[str, Any] | None


columns_of_message = attrgetter("id", *MessageColumns._fields[4:])


class ShownMessage(MessageColumns):
    """A message on a page: its templates use these fields and properties alone."""

    __slots__ = ()
    sender_name = Message.sender_name
    body = Message.body
    replied_to_words = Message.replied_to_words
    reply_count_label = Message.reply_count_label

    @classmethod
    def of(cls, message: Message) -> "ShownMessage":
        html = message.html
        fields = (appearance_of(message.user), html, "" if html else message.content, *columns_of_message(message))
        return tuple.__new__(cls, fields)

    def __hash__(self) -> int:
        """Hash two fields, which is fast and nearly unique; equality compares all fields."""
        return hash((self.pk, self.revision))

    @property
    def user_id(self) -> int | None:
        return self.user.pk if self.user else None


class MessageFields(NamedTuple):
    """A message, the prefix of its id on the page, and whether it `continues` the previous message of its sender."""

    message: ShownMessage
    prefix: str = "m"
    continues: bool = False


class DayFields(NamedTuple):
    """The heading of a day of a conversation, named "today" or "yesterday" `until` a time."""

    conversation: int
    day: date
    name: str | None
    until: datetime | None


class EntryColumns(NamedTuple):
    """The fields of a conversation that its line in the inbox shows, including those that `inbox_of` adds."""

    pk: int
    name: str
    kind: str
    notify: str
    unread: int
    mention_count: int
    last_message_at: datetime
    archived_at: datetime | None
    newest: str | None


columns_of_entry = attrgetter("id", *EntryColumns._fields[1:])


class ShownEntry(EntryColumns):
    """A line of the inbox: its templates use these fields and properties alone."""

    __slots__ = ()
    preview = Conversation.preview
    preview_words = Conversation.preview_words
    unread_label = Conversation.unread_label

    @classmethod
    def of(cls, entry: Conversation) -> "ShownEntry":
        return tuple.__new__(cls, columns_of_entry(entry))

    def __hash__(self) -> int:
        """Hash three fields, which is fast and nearly unique; equality compares all fields."""
        return hash((self.pk, self.unread, self.newest))


class EntryFields(NamedTuple):
    """A line of the inbox, marked if its conversation is open, with a time relative to `today`."""

    entry: ShownEntry
    is_open: bool
    today: date


def appearance_of(user: User | None) -> Appearance | None:
    """Return how a page shows the sender of a message; None for deleted accounts."""
    return _appearance(*columns_of_user(user)) if user else None


columns_of_user = attrgetter("id", "username", "display_name", "picture_digest")


@lru_cache(maxsize=10_000)
def _appearance(pk: int, username: str, display_name: str, picture_digest: str) -> Appearance:
    return User(pk=pk, username=username, display_name=display_name, picture_digest=picture_digest).appearance


def show_message(message: Message, prefix: str = "m", continues: bool = False, to: Locale | None = None) -> SafeString:
    """Render a message for a locale, by default the current one."""
    fields = MessageFields(ShownMessage.of(message), prefix, continues)
    return show("message/_message.html", fields, to or Locale.current())


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


class Day(NamedTuple):
    """A day in the current time zone, with its first moment and the next day's: faster to compare than dates."""

    date: date
    begins: datetime
    ends: datetime

    @classmethod
    def of(cls, moment: datetime) -> "Day":
        zone = timezone.get_current_timezone()
        day = moment.astimezone(zone).date()
        begins, ends = midnight(day, zone), midnight(day + ONE_DAY, zone)
        return cls(day, begins.astimezone(moment.tzinfo), ends.astimezone(moment.tzinfo))


def continues_previous(message: Message, before: Message) -> bool:
    """Return whether a message continues its sender's previous one; grouping.js does the same for new messages."""
    if message.is_system or before.is_system or message.reply_to_id:
        return False
    is_same = message.user_id is not None and message.user_id == before.user_id
    return is_same and message.created_at - before.created_at < MAX_PAUSE


def show_day(conversation: int, day: date, to: Locale) -> SafeString:
    """Render the heading of a day."""
    today = timezone.localdate()
    name = {0: "today", 1: "yesterday"}.get((today - day).days)
    until = midnight(today + ONE_DAY, timezone.get_current_timezone()) if name else None
    return show("day/_day.html", DayFields(conversation, day, name, until), to)


def show_entries(
    entries: Iterable[Conversation], open_id: int | None = None, template: str = "inbox/_entry.html"
) -> SafeString:
    """Render lines of the inbox, with the conversation `open_id` marked."""
    to, today = Locale.current(), timezone.localdate()
    shown = (EntryFields(ShownEntry.of(entry), entry.id == open_id, today) for entry in entries)
    return SafeString("\n".join(show(template, fields, to) for fields in shown))
