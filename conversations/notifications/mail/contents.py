"""What a mail shows: messages by conversation, bounded, and as much of them as the person wants to have mailed."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from accounts.models import Workspace
from chatsite.speed.keyset import text_bytes
from conversations.models import Message
from conversations.models.message.message import DELETED
from conversations.notifications.mail.addresses import page
from conversations.notifications.mail.markup import for_mail
from conversations.text import markdown, mentions

Shows = Workspace.Shows
MAX_MESSAGES = 50
MAX_CHARACTERS = 2_000  # of a message
MAX_MESSAGE_HTML_BYTES = 10_000
MAX_HTML_BYTES = 50_000  # of all messages: Gmail hides what is beyond 102 kB, also the link to unsubscribe
MAX_QUOTED_CHARACTERS = 200
CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]")  # a terminal would obey them
REASONS = {
    "direct": gettext_lazy("direct message"),
    "mention": gettext_lazy("mentions you"),
    "call": gettext_lazy("mentions everybody"),
    "reply": gettext_lazy("replies to you"),
    "thread": gettext_lazy("in a thread you follow"),
    "watch": gettext_lazy("you watch this conversation"),
}


class Entry(NamedTuple):
    """A message of which somebody is notified, loaded `with_extras`, and for which reason; '' says none."""

    message: Message
    reason: str = ""


@dataclass(frozen=True)
class Group:
    """The messages of a conversation, under its name for the reader."""

    conversation_id: int
    name: str
    entries: Sequence[Entry]
    more: int = 0  # messages that were not loaded


class Quoted(NamedTuple):
    """The message that another replies to."""

    sender: str
    words: str


@dataclass(frozen=True)
class ShownEntry:
    """A message in a mail."""

    sender: str
    at: datetime
    reason: str
    link: str
    text: str = ""
    html: str = ""
    quoted: Quoted | None = None
    files: Sequence[tuple[str, str]] = ()  # name, address


@dataclass
class ShownGroup:
    """A conversation in a mail; its name and link are empty if the person does not want them mailed."""

    name: str
    link: str
    entries: list[ShownEntry] = field(default_factory=list)


def count(groups: Sequence[Group]) -> int:
    """Count all messages, also those that a mail will not show."""
    return sum(len(group.entries) + group.more for group in groups)


def shown(groups: Sequence[Group], shows: Shows) -> list[ShownGroup]:
    """Return the messages that fit into a mail, with what it may show of them."""
    found: list[ShownGroup] = []
    last: Group | None = None
    for group, entry in fitting(groups, shows):
        if group is not last:
            found.append(shown_group(group, shows))
            last = group
        found[-1].entries.append(entry)
    return found


def fitting(groups: Sequence[Group], shows: Shows) -> Iterator[tuple[Group, ShownEntry]]:
    if shows == Shows.NOTHING:
        return
    size = 0
    entries = [(group, entry) for group in groups for entry in group.entries]
    for group, entry in entries[:MAX_MESSAGES]:
        each = shown_entry(entry, shows)
        size += text_bytes(each.html)
        if size > MAX_HTML_BYTES:
            return
        yield group, each


def shown_group(group: Group, shows: Shows) -> ShownGroup:
    if shows == Shows.WHO:
        return ShownGroup("", "")
    return ShownGroup(group.name, page("conversation", group.conversation_id))


def shown_entry(entry: Entry, shows: Shows) -> ShownEntry:
    message, reason = entry.message, str(REASONS.get(entry.reason, ""))
    about = (message.sender_name, message.created_at, reason, page("message", message.pk))
    if shows != Shows.ALL:
        return ShownEntry(*about)
    files = [(file["name"], page("file", file["id"], file["name"])) for file in message.files or ()]
    return ShownEntry(*about, text=text_of(message), html=html_of(message), quoted=quoted(message), files=files)


def cut(text: str, characters: int) -> str:
    return text if len(text) <= characters else f"{text[:characters].rstrip()} …"


def text_of(message: Message) -> str:
    """Return the message as its author typed it, which Markdown is made to be read as."""
    return CONTROLS.sub("", cut(message.said, MAX_CHARACTERS))


def html_of(message: Message) -> SafeString:
    """Return the message as our renderer shows it; a long one is cut before it is rendered."""
    if not message.said:
        return SafeString()
    if len(message.said) <= MAX_CHARACTERS:
        html = for_mail(message.body)
    else:
        names = message.people or {}
        rendered = markdown.render(text_of(message), frozenset(names)).html
        html = for_mail(mentions.with_names(markdown.with_labels(rendered), names))
    return html if text_bytes(html) <= MAX_MESSAGE_HTML_BYTES else for_mail(markdown.as_it_is(text_of(message)).html)


def quoted(message: Message) -> Quoted | None:
    """Return the beginning of the message that this one replies to, or the part that it quotes."""
    original = message.replied_to
    if not message.reply_to_id or not original or "beginning" not in original:
        return None
    words = message.quote or message.replied_to_words
    return Quoted(original.get("sender") or str(DELETED), cut(" ".join(words.split()), MAX_QUOTED_CHARACTERS))
