"""Entries of the inbox and the sidebar."""

from collections.abc import Iterable
from datetime import date, datetime
from operator import attrgetter
from typing import NamedTuple

from django.utils import timezone
from django.utils.safestring import SafeString

from accounts.models.locale import Locale
from accounts.models.user.appearing import Appearance
from chatsite.speed.fragments import show
from conversations.fragments.appearances import appearance_in
from conversations.models import Conversation


class EntryColumns(NamedTuple):
    """The fields of a conversation that its entry shows, including those that `inbox_of` or `sidebar_of` adds."""

    pk: int
    name: str
    kind: str
    notify: str
    unread: int
    mention_count: int
    last_message_at: datetime
    archived_at: datetime | None
    newest: str | None
    has_draft: bool
    person: Appearance | None
    person_count: int


columns_of_entry = attrgetter("id", "short_name", *EntryColumns._fields[2:-2])


class ShownEntry(EntryColumns):
    """An entry of the inbox or the sidebar: its templates use these fields and properties alone."""

    __slots__ = ()
    preview = Conversation.preview
    preview_words = Conversation.preview_words
    unread_label = Conversation.unread_label
    opens_at = Conversation.opens_at

    @classmethod
    def of(cls, entry: Conversation) -> "ShownEntry":
        person = appearance_in(entry.face[0]) if entry.face else None
        return tuple.__new__(cls, (*columns_of_entry(entry), person, len(getattr(entry, "others", None) or [])))

    def __hash__(self) -> int:
        """Hash three fields, which is fast and nearly unique; equality compares all fields."""
        return hash((self.pk, self.unread, self.newest))


class EntryFields(NamedTuple):
    """An entry, marked if its conversation is open, with a time relative to `today`.

    `is_own`: the reader has written its newest message. `beside`: a link opens the conversation beside the inbox.
    """

    entry: ShownEntry
    is_open: bool
    today: date
    is_own: bool
    beside: str


def show_entries(
    entries: Iterable[Conversation],
    reader: int,
    open_id: int | None = None,
    template: str = "inbox/_entry.html",
    beside: str = "",
) -> SafeString:
    """Render entries of the inbox of `reader`, with the conversation `open_id` marked."""
    to, today = Locale.current(), timezone.localdate()
    shown = (
        EntryFields(ShownEntry.of(entry), entry.id == open_id, today, is_newest_by(reader, entry), beside)
        for entry in entries
    )
    return SafeString("\n".join(show(template, fields, to) for fields in shown))


def is_newest_by(reader: int, entry: Conversation) -> bool:
    """Return whether a person wrote the newest message, if the entry shows it."""
    newest = entry.preview
    return newest is not None and newest["user"] == reader
