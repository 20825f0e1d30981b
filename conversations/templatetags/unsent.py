"""What a form says of who it was given to."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from conversations.views.unsent import signed

register = template.Library()


@register.simple_tag(takes_context=True)
def writer(context: dict[str, Any]) -> SafeString:
    """Write the field by which words that come after the session has ended are kept for who wrote them."""
    return format_html('<input type="hidden" name="writer" value="{}">', signed(context["user"]))
