"""Messages and lines of inboxes on pages."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.utils.safestring import SafeString

from conversations import fragments
from conversations.models import Conversation, Message

register = template.Library()


@register.simple_tag
def message(shown: Message, prefix: str = "m") -> SafeString:
    """Show one message."""
    return fragments.show_message(shown, prefix)


@register.simple_tag(takes_context=True)
def messages(context: dict[str, Any], shown: Iterable[Message], first_unread: int | None = None) -> SafeString:
    """Show messages in their order under their days; the line of the new ones goes before `first_unread`."""
    unread = fragments.render("_unread.html", conversation=context["conversation"]) if first_unread else SafeString()
    return fragments.show_messages(shown, first_unread, unread)


@register.simple_tag
def entry(shown: Conversation, open_one: int | None = None) -> SafeString:
    """Show the line of a conversation in the inbox."""
    return fragments.show_entry(shown, shown.pk == open_one)
