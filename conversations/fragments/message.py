"""A message as pages and streams show it."""

from datetime import datetime
from operator import attrgetter
from typing import Any, NamedTuple

from django.utils.safestring import SafeString

from accounts.models.locale import Locale
from accounts.models.user.appearing import Appearance
from chatsite.speed.fragments import LAST_REPLY_HOLE, fill, show
from conversations.fragments.appearances import appearance_of, known_appearance
from conversations.fragments.last_reply import show_last_reply
from conversations.models import Message
from conversations.text.shortcodes import is_only_emoji


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
    in_conversation: bool
    reply_to_id: int | None
    quote: str | None
    replied_to: dict[str, Any] | None
    reactions_summary: list[dict[str, Any]] | None
    thread_summary: dict[str, Any] | None
    files: list[dict[str, Any]] | None
    pinned: dict[str, Any] | None
    people: dict[str, str] | None
    happened: dict[str, Any] | None
    fold: str


columns_of_message = attrgetter("id", *MessageColumns._fields[4:])


class ShownMessage(MessageColumns):
    """A message on a page: its templates use these fields and properties alone."""

    __slots__ = ()
    sender_name = Message.sender_name
    body = Message.body
    replied_to_words = Message.replied_to_words
    reply_count = Message.reply_count
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

    @property
    def is_only_emoji(self) -> bool:
        """Whether it is one paragraph of nothing but emoji."""
        return is_only_emoji(self.html.removeprefix("<p>").removesuffix("</p>"))

    @property
    def repliers(self) -> list[Appearance]:
        """The people who replied last in its thread."""
        return [known_appearance(*columns) for columns in (self.thread_summary or {}).get("people") or ()]


class MessageFields(NamedTuple):
    """A message, the prefix of its id on the page, and whether it `continues` the previous message of its sender."""

    message: ShownMessage
    prefix: str = "m"
    continues: bool = False


def show_message(message: Message, prefix: str = "m", continues: bool = False, to: Locale | None = None) -> SafeString:
    """Render a message for a locale, by default the current one."""
    to = to or Locale.current()
    html = show("message/_message.html", MessageFields(ShownMessage.of(message), prefix, continues), to)
    return fill(html, {LAST_REPLY_HOLE: lambda: show_last_reply(message, to)}) if message.thread_summary else html
