"""How views find objects: only among those that the signed-in person may see."""

import re

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from accounts.models.visit import signed_in_user
from conversations.models import Conversation, Message
from conversations.text.cursors import BadCursor, Cursor


def find_conversation(request: HttpRequest, pk: int, *, to_read: bool = False) -> Conversation:
    """Load a conversation as the signed-in person sees it; 404 if it does not exist or they may not see it.

    `to_read` adds the number of unread messages, the first of them, and whether a mention is unread.
    """
    found = next(iter(Conversation.objects.one_visible_to(signed_in_user(request), pk, to_read=to_read)), None)
    if found is None:
        raise Http404
    return found


def find_message(request: HttpRequest, pk: int) -> Message:
    """Load a message that the signed-in person may see; 404 if it does not exist or is deleted."""
    visible = Message.objects.visible_to(signed_in_user(request))
    return get_object_or_404(visible.select_related("user", "conversation"), pk=pk)


def find_cursor(request: HttpRequest, name: str) -> Cursor | None:
    """Read a cursor from the query string; None if it is missing, 404 if it is malformed."""
    if name not in request.GET:
        return None
    try:
        return Cursor.parse(request.GET[name])
    except BadCursor as error:
        raise Http404 from error


def parse_id(word: str) -> int | None:
    """Parse the id of a row from a URL or a form; None for any other word."""
    return int(word) if re.fullmatch("[0-9]{1,18}", word) else None
