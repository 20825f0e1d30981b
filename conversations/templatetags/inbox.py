"""The inbox at the side of every page, also of pages that know nothing of conversations."""

from typing import Any

from django import template

from conversations.models import Conversation
from conversations.views.paging import page_by_activity

register = template.Library()


@register.inclusion_tag("conversations/_inbox.html", takes_context=True)
def inbox(context: dict[str, Any]) -> dict[str, Any]:
    """List the page of the inbox that the view has found, else its first page; `open` is the conversation shown."""
    page = context.get("inbox") or page_by_activity(Conversation.objects.inbox_of(context["user"]))
    shown = context.get("conversation")
    return {"inbox": page, "open": shown and shown.pk}
