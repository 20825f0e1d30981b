"""The inbox at the side of every page, including pages whose views load no conversations."""

from typing import Any

from django import template
from django.utils.safestring import SafeString

from chatsite.speed.fragments import LINES_HOLE
from chatsite.speed.keyset import Page
from conversations.fragments import show_entries
from conversations.models import Conversation
from conversations.models.counting import capped
from conversations.templatetags.fragments import cached
from conversations.text.cursors import Cursor

register = template.Library()
register.filter("capped", capped)


@register.simple_tag(takes_context=True)
def inbox(context: dict[str, Any]) -> SafeString:
    """Show the view's page of the inbox, else the first page; mark the open conversation."""
    page, conversation = page_of(context), context.get("conversation")
    is_first, is_empty = "earlier" not in context["request"].GET, not page.rows
    frame = cached(context, "inbox/_inbox.html", earlier=page.next, is_first=is_first, is_empty=is_empty)
    lines = show_entries(page.rows, conversation and conversation.pk)
    return SafeString(frame.replace(LINES_HOLE, lines))


@register.simple_tag(takes_context=True)
def unread_count(context: dict[str, Any]) -> str:
    """Format the number of unread messages in the conversations at the side, as "(3) " before the page's title."""
    unread = sum(conversation.unread for conversation in page_of(context).rows)
    return f"({capped(unread)}) " if unread else ""


def page_of(context: dict[str, Any]) -> Page[Conversation, Cursor]:
    """Find the page of the inbox once a request."""
    request = context["request"]
    if not hasattr(request, "inbox"):
        page = context.get("inbox") or Conversation.objects.inbox_page(context["user"])
        request.inbox = page
    return request.inbox
