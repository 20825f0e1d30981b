"""What a push contains: a declarative message, which browsers show even if our service worker does not run.

See https://github.com/w3c/push-api (issue 360) and WebKit's explainer.
"""

import json
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core import signing
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from accounts.models import Workspace
from conversations.models import Conversation, Message

MAX_BYTES = 3000
BODY_CHARACTERS = 300
TITLE_CHARACTERS = 100
MARK_READ, RECEIPT = "push: mark read", "push: receipt"
MAX_READ = 50
Shows = Workspace.Shows


def payload(
    messages: Sequence[Message],
    conversation: Conversation,
    shows: str,
    *,
    user: int,
    count: int,
    unread: int | None,
    is_personal: bool,
    read: Sequence[int] = (),
) -> bytes:
    """Write the push that tells `user` of new messages of one conversation, in the language that is active.

    `messages` are the last of `count`, `unread` is the number on the icon of the app, if it changes, and `read` are
    conversations whose notifications are closed.
    """
    newest = messages[-1]
    shown = notification(newest, conversation, shows, count) | {
        "silent": False,
        "actions": [
            {"action": "reply", "title": _("Reply"), "navigate": link("reply", newest.pk)},
            {"action": "read", "title": _("Mark as read"), "navigate": link("message", newest.pk)},
        ],
    }
    token = signing.dumps([user, newest.pk], salt=MARK_READ)
    more = {"renotify": is_personal, "read": [tag_of(each) for each in read][:MAX_READ], "mark_read": token}
    return fitted(shown, unread, more)


def notification(newest: Message, conversation: Conversation, shows: str, count: int) -> dict[str, Any]:
    """Say what is new in a conversation, in the language that is active, as browsers show it."""
    return {
        "title": title(newest, conversation, shows, count),
        "body": body(newest, shows, count),
        "navigate": link("message", newest.pk),
        "tag": tag_of(conversation.pk),
        "lang": get_language(),
        "dir": "auto",
        "icon": settings.SITE_ADDRESS + static("img/icon-192.png"),
    }


def test_payload(device: int) -> bytes:
    """Write the push of the test button."""
    shown = {
        "title": _("Notifications work in this browser"),
        "body": "",
        "navigate": link("notification-settings"),
        "tag": "test",
        "lang": get_language(),
        "dir": "auto",
        "silent": False,
    }
    return fitted(shown, None, {"receipt": signing.dumps(device, salt=RECEIPT)})


def without_words(written: bytes) -> bytes:
    """Return a payload without the words of the message, for services that find it too large."""
    whole = json.loads(written)
    whole["notification"]["body"] = ""
    return as_json(whole)


def fitted(shown: dict[str, Any], unread: int | None, more: dict[str, Any]) -> bytes:
    """Return the payload as JSON, with as much of its texts as fits: even the names of people may be too long."""
    badge: dict[str, Any] = {} if unread is None else {"app_badge": unread}
    if badge:
        shown["app_badge"] = str(unread)
    while True:
        whole = {"web_push": 8030, "mutable": True, "notification": shown} | badge | more
        written = as_json(whole)
        if len(written) <= MAX_BYTES:
            return written
        if shown["body"]:
            shown["body"] = shortened(shown["body"])
        elif more.get("read"):
            more["read"].pop()
        else:
            shown["title"] = shortened(shown["title"])


def shortened(text: str) -> str:
    """Return the first half of a text, finally none of it."""
    half = text[: len(text) // 2].rstrip("…")
    return f"{half}…" if half else ""


def as_json(whole: dict[str, Any]) -> bytes:
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode()


def title(newest: Message, conversation: Conversation, shows: str, count: int) -> str:
    """Say who wrote, or how many messages there are; and where, unless it is a conversation of two."""
    if shows == Shows.NOTHING:
        return _("New message")
    words = ngettext("%(count)d new message", "%(count)d new messages", count) % {"count": count}
    who = newest.sender_name if count == 1 else words
    is_between_two = conversation.is_direct and len(conversation.others or []) == 1
    whole = who if shows == Shows.WHO or (is_between_two and count == 1) else f"{who} · {conversation.name}"
    return whole if len(whole) <= TITLE_CHARACTERS else f"{whole[:TITLE_CHARACTERS]}…"


def body(newest: Message, shows: str, count: int) -> str:
    if shows != Shows.ALL:
        return ""
    words = newest.words or newest.file_names
    said = f"{newest.sender_name}: {words}" if count > 1 else words
    return said if len(said) <= BODY_CHARACTERS else said[: BODY_CHARACTERS - 1] + "…"


def tag_of(conversation: int) -> str:
    return f"c{conversation}"


def link(name: str, *arguments: int) -> str:
    return settings.SITE_ADDRESS + reverse(name, args=arguments)
