"""Fragments that many pages show: messages, lines of inboxes, forms, menus. What was rendered is kept.

All that a fragment shows is in the key under which it is kept, so none is ever out of date and nobody has to say that
something has changed: what is not asked for any more makes room for what is. Two things differ on each page, the CSRF
token and the key of a message: they go into holes, whose marks nobody outside of this process can know.
"""

import secrets
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Iterator
from threading import Lock

from django.template.loader import get_template
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from accounts.models.locale import Locale
from conversations.models import Conversation, Message

MOST_KEPT = 30_000_000  # characters, in each process
TOKEN_HOLE, KEY_HOLE = secrets.token_hex(16), secrets.token_hex(16)


class Kept:
    """The HTML of fragments, as much as there is room for: what was not asked for longest goes first."""

    def __init__(self, most: int) -> None:
        self.most, self.size = most, 0
        self.found: OrderedDict[Hashable, SafeString] = OrderedDict()
        self.lock = Lock()

    def get(self, key: Hashable, make: Callable[[], SafeString]) -> SafeString:
        with self.lock:
            if html := self.found.get(key):
                self.found.move_to_end(key)
                return html
        html = make()
        with self.lock:
            self.size += len(html) - len(self.found.get(key, ""))
            self.found[key] = html
            while self.size > self.most:
                self.size -= len(self.found.popitem(last=False)[1])
        return html


kept = Kept(MOST_KEPT)


def show_message(message: Message, prefix: str = "m") -> SafeString:
    """Render a message, whose id on the page begins with `prefix`."""
    sender = message.user
    key = (
        *("message", prefix, message.pk, message.revision, Locale.here()),
        sender and (sender.pk, sender.name, sender.picture_digest),
    )
    if message.has_extras:
        key += (str((message.answered, message.reactions_shown, message.files, message.pinned)), message.reply_count)
    if not message.revision:  # of a preview, or another program's, whose changes have no number
        key += (message.content, message.html, message.edited_at)
    return kept.get(key, lambda: render("_message.html", message=message, prefix=prefix))


def show_messages(messages: Iterable[Message], first_unread: int | None, unread: SafeString) -> SafeString:
    """Render messages in their order, with a heading for each day, and the line of `unread` ones before the first."""
    return mark_safe("\n".join(parts(messages, first_unread, unread)))  # noqa: S308 – rendered by templates


def parts(messages: Iterable[Message], first_unread: int | None, unread: SafeString) -> Iterator[SafeString]:
    day, zone = None, timezone.get_current_timezone()
    for message in messages:
        if message.deleted_at:
            yield render("_gone.html", message=message)
            continue
        if message.pk == first_unread:
            yield unread
        if day != (day := message.created_at.astimezone(zone).date()):
            key = ("day", message.conversation_id, day, get_language())
            yield kept.get(key, lambda: render("_day.html", conversation=message.conversation_id, day=day))  # noqa: B023
        yield show_message(message)


def show_entry(entry: Conversation, is_open: bool = False) -> SafeString:
    """Render the line of a conversation in somebody's inbox."""
    today, locale = timezone.localdate(), Locale.here()
    preview = entry.preview and tuple(entry.preview.values())
    key = ("entry", entry.pk, is_open, today, locale, entry.name, entry.kind, entry.notify, entry.unread)
    key += (entry.is_mentioned, entry.last_message_at, preview)
    return kept.get(key, lambda: render("_inbox_entry.html", entry=entry, open=entry.pk if is_open else None))


def show_template(template: str, token: str, shown: dict[str, Hashable]) -> SafeString:
    """Render a template that gets nothing but what is `shown`, and a CSRF token."""
    key = ("template", template, get_language(), *shown.items())
    html = kept.get(key, lambda: get_template(template).render({**shown, "csrf_token": TOKEN_HOLE}))
    return fill(html, {TOKEN_HOLE: token})


def fill(html: SafeString, words: dict[str, str]) -> SafeString:
    for hole, word in words.items():
        html = html.replace(hole, word)
    return mark_safe(html)  # noqa: S308 – rendered by templates; the words are ours


def render(template: str, **context: object) -> SafeString:
    return get_template(f"conversations/{template}").render(context)
