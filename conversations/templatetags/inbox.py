"""The inbox at the side of every page, also of pages that know nothing of conversations."""

from typing import Any

from django import template

from conversations.models.counting import shown
from conversations.views.paging import inbox_page

register = template.Library()
register.filter("shown", shown)


@register.inclusion_tag("conversations/_inbox.html", takes_context=True)
def inbox(context: dict[str, Any]) -> dict[str, Any]:
    """List the page of the inbox that the view has found, else its first page; `open` is the conversation shown."""
    conversation = context.get("conversation")
    is_first = "earlier" not in context["request"].GET
    return {"inbox": page_of(context), "open": conversation and conversation.pk, "is_first": is_first}


@register.simple_tag(takes_context=True)
def unread_count(context: dict[str, Any]) -> str:
    """Write how many messages are unread in the conversations at the side, as "(3) " before a page's title."""
    unread = sum(conversation.unread for conversation in page_of(context)["conversations"])
    return f"({shown(unread)}) " if unread else ""


def page_of(context: dict[str, Any]) -> dict[str, Any]:
    """Find the page of the inbox once for a page of the site."""
    request = context["request"]
    if not hasattr(request, "inbox"):
        page = context.get("inbox") or inbox_page(context["user"])
        request.inbox = page
    return request.inbox
