"""Fragments that many pages show: messages, lines of inboxes, forms, menus. What was rendered is kept.

All that a fragment shows is in the key under which it is kept, so none is ever out of date and nobody has to say that
something has changed: what is not asked for any more makes room for what is. What differs on each page, as the CSRF
token, the key of a message, and the time, goes into holes, whose marks nobody outside of this process can know.
"""

import secrets
from collections.abc import Callable, Hashable, Iterable, Iterator
from datetime import date, datetime, timedelta
from threading import Lock
from time import time

from django.template.loader import get_template
from django.utils import timezone
from django.utils.safestring import SafeString

from accounts.models.locale import Locale
from conversations.models import Conversation, Message

ONE_GO = timedelta(minutes=5)  # so long one goes on speaking
MAX_CACHED_CHARACTERS = 30_000_000  # characters, in each process
TOKEN_HOLE, KEY_HOLE, NOW_HOLE, LINES_HOLE = (secrets.token_hex(16) for _ in range(4))
HOLES = {"csrf_token": TOKEN_HOLE, "now": NOW_HOLE, "lines": LINES_HOLE}


class FragmentCache:
    """The HTML of fragments, as much as there is room for: what was not asked for longest goes first.

    There are two halves. What is asked for comes into the young one; when that is full, it becomes the old one, and
    what was old and not asked for since is forgotten.
    """

    def __init__(self, most: int) -> None:
        self.half, self.size = most // 2, 0
        self.young: dict[Hashable, SafeString] = {}
        self.old: dict[Hashable, SafeString] = {}
        self.lock = Lock()

    def get(self, key: Hashable, make: Callable[[], SafeString]) -> SafeString:
        if html := self.young.get(key):
            return html
        html = self.old.get(key) or make()
        with self.lock:
            if self.size + len(html) > self.half:
                self.young, self.old, self.size = {}, self.young, 0
            self.size += len(html) - len(self.young.get(key, ""))
            self.young[key] = html
        return html


cache = FragmentCache(MAX_CACHED_CHARACTERS)


def show_message(message: Message, prefix: str = "m", continues: bool = False, to: Locale | None = None) -> SafeString:
    """Render a message for a locale, else the present one; its id on the page begins with `prefix`.

    It may continue what its sender said just before.
    """
    sender = message.user
    key = ("message", prefix, continues, message.id, message.revision, to or Locale.current())
    key += (sender and (sender.id, sender.name, sender.picture_digest),)
    if message.has_extras:
        extras = (message.replied_to, message.reactions_summary, message.files, message.pinned)
        key += (str(extras), message.reply_count)
    if not message.revision:  # of a preview, or another program's, whose changes have no number
        key += (message.content, message.html, message.edited_at)
    return cache.get(key, lambda: render("message/_message.html", message=message, prefix=prefix, continues=continues))


def show_messages(
    messages: Iterable[Message], first_unread: int | None, unread: SafeString, grouped: bool = True
) -> SafeString:
    """Render messages in their order, with a heading for each day, and the line of `unread` ones before the first.

    They are `grouped` where they are neighbours on a page.
    """
    return SafeString("\n".join(parts(messages, first_unread, unread, grouped)))


def parts(
    messages: Iterable[Message], first_unread: int | None, unread: SafeString, grouped: bool
) -> Iterator[SafeString]:
    before, day, zone, to = None, None, timezone.get_current_timezone(), Locale.current()
    for message in messages:
        if message.deleted_at:
            yield render("message/_deleted.html", message=message)
            continue
        if message.id == first_unread:
            before = None
            yield unread
        if day != (day := message.created_at.astimezone(zone).date()):
            before = None
            yield show_day(message.conversation_id, day, to)
        yield show_message(message, continues=grouped and before is not None and goes_on(message, before), to=to)
        before = message


def goes_on(message: Message, before: Message) -> bool:
    """Tell whether somebody goes on speaking: static/js/message/grouping.js decides likewise for what arrives later."""
    if message.is_system or before.is_system or message.reply_to_id:
        return False
    is_same = message.user_id is not None and message.user_id == before.user_id
    return is_same and message.created_at - before.created_at < ONE_GO


def show_day(conversation: int, day: date, to: Locale) -> SafeString:
    """Render the heading of a day. Today and yesterday are called so until the day is over."""
    today = timezone.localdate()
    name = {0: "today", 1: "yesterday"}.get((today - day).days)
    until = timezone.make_aware(datetime.combine(today + timedelta(days=1), datetime.min.time())) if name else None
    shown = {"conversation": conversation, "day": day, "name": name, "until": until}
    return cache.get(("day", to, *shown.values()), lambda: render("conversation/_day.html", **shown))


def show_entries(
    entries: Iterable[Conversation], open_one: int | None = None, template: str = "inbox/_entry.html"
) -> SafeString:
    """Render lines of somebody's inbox, of which that of `open_one` is marked."""
    to, today = Locale.current(), timezone.localdate()
    lines = [show_entry(entry, template, entry.id == open_one, to, today) for entry in entries]
    return SafeString("\n".join(lines))


def show_entry(entry: Conversation, template: str, is_open: bool, to: Locale, today: date) -> SafeString:
    key = (template, entry.id, is_open, to, today, entry.name, entry.kind, entry.notify, entry.unread)
    key += (entry.mention_count, entry.last_message_at, bool(entry.archived_at), entry.newest)
    return cache.get(key, lambda: render(template, entry=entry, open=entry.pk if is_open else None))


def show_template(template: str, token: Callable[[], str], to: Locale, shown: dict[str, Hashable]) -> SafeString:
    """Render a template that gets nothing but what is `shown`, the CSRF token of the page, and the time as `now`."""
    key = ("template", template, to, *shown.items())
    html = cache.get(key, lambda: get_template(template).render({**shown, **HOLES}))
    return fill(html, {TOKEN_HOLE: token, NOW_HOLE: lambda: str(int(time()))})


def fill(html: SafeString, words: dict[str, Callable[[], str]]) -> SafeString:
    """Put words into the holes that are there; to ask for a token where there is no form would set a cookie."""
    for hole, word in words.items():
        if hole in html:
            html = html.replace(hole, word())
    return SafeString(html)


def render(template: str, **context: object) -> SafeString:
    return get_template(template).render(context)
