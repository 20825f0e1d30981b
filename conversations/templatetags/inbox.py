"""The sidebar of every page, including pages whose views load no conversations; and the entries of the inbox."""

from typing import Any

from django import template
from django.utils.safestring import SafeString

from chatsite.speed.fragments import LINES_HOLE
from conversations.fragments.entries import show_entries
from conversations.models import Conversation
from conversations.models.counting import capped
from conversations.models.inbox.sidebar import NOT_OPEN, SidebarPage, Totals
from conversations.templatetags.fragments import cached
from conversations.text.matches import with_matches

FOLDED = "folded"  # a cookie: the folded sections

register = template.Library()
register.filter("capped", capped)
register.filter("with_matches", with_matches)


@register.simple_tag(takes_context=True)
def sidebar(context: dict[str, Any]) -> SafeString:
    """Show the ways to the main pages, and the conversations of the reader; mark what is open."""
    page, user, request = sidebar_of(context), context["user"], context["request"]
    folded = request.COOKIES.get(FOLDED, "").split(".")
    sections = tuple(
        (section, section.value in folded, section in page.longer, bool(rows))
        for section, rows in page.sections.items()
    )
    match = request.resolver_match
    frame = cached(
        context,
        "inbox/_sidebar.html",
        sections=sections,
        totals=page.totals,
        name=match.url_name if match else "",
        is_comfortable=user.comfortable,
        by_name=bool(user.sidebar_order),
        unread_first=user.unread_first,
    )
    before, *parts = frame.split(LINES_HOLE)
    lists = [rows_of(context, rows) for rows in page.sections.values()]
    return SafeString(before + "".join(rows + part for rows, part in zip(lists, parts, strict=True)))


@register.simple_tag(takes_context=True, name="rows")
def rows_of(context: dict[str, Any], rows: list[Conversation]) -> SafeString:
    return show_entries(rows, context["user"].pk, open_id(context), "inbox/_row.html")


@register.simple_tag(takes_context=True)
def unread_count(context: dict[str, Any]) -> str:
    """Format the number of unread messages in all conversations, as "(3) " before the page's title."""
    unread = sidebar_of(context).totals.unread
    return f"({capped(unread)}) " if unread else ""


@register.simple_tag(takes_context=True)
def totals(context: dict[str, Any]) -> Totals:
    return sidebar_of(context).totals


def sidebar_of(context: dict[str, Any]) -> SidebarPage:
    """Query the sidebar once a request."""
    request = context["request"]
    if not hasattr(request, "sidebar"):
        request.sidebar = Conversation.objects.sidebar_page(context["user"], open_id(context))
    return request.sidebar


def open_id(context: dict[str, Any]) -> int:
    conversation = context.get("conversation")
    return conversation.pk if isinstance(conversation, Conversation) and conversation.pk else NOT_OPEN


@register.filter
def first_name(name: str) -> str:
    return name.partition(" ")[0]
