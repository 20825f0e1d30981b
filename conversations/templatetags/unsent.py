"""The hidden field of a form that names the user it is for."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from conversations.views.unsent import signed

register = template.Library()


@register.simple_tag(takes_context=True)
def writer(context: dict[str, Any]) -> SafeString:
    """Render the field by which text sent after the session has ended is stored for its author."""
    return format_html('<input type="hidden" name="writer" value="{}">', signed(context["user"]))
