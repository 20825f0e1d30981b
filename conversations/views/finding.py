"""How views find things: through the person who asks, or not at all."""

import re

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from accounts.models.visit import signed_in_user
from conversations.models import Conversation, Message
from conversations.text.cursors import BadCursor, Cursor


def find_conversation(request: HttpRequest, pk: int, *, to_read: bool = False) -> Conversation:
    """Load a conversation as the person who asks sees it; 404 where they may not see it, as where there is none.

    `to_read` adds how many messages are unread, the first of them, and whether a mention is not seen.
    """
    found = next(iter(Conversation.objects.one_visible_to(signed_in_user(request), pk, to_read=to_read)), None)
    if found is None:
        raise Http404
    return found


def find_message(request: HttpRequest, pk: int) -> Message:
    """Load a message that the person who asks may see; 404 where there is none, or it is deleted."""
    visible = Message.objects.visible_to(signed_in_user(request))
    return get_object_or_404(visible.select_related("user", "conversation"), pk=pk)


def find_cursor(request: HttpRequest, name: str) -> Cursor | None:
    """Read a cursor from the address; 404 for what is none, as for any address that leads nowhere."""
    if name not in request.GET:
        return None
    try:
        return Cursor.parse(request.GET[name])
    except BadCursor as error:
        raise Http404 from error


def number(word: str) -> int | None:
    """Read the id of a row from an address; None for any other word."""
    return int(word) if re.fullmatch("[0-9]{1,18}", word) else None
