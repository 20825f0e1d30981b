"""The template tag for icons."""

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

SPRITE = "img/icons.svg"

register = template.Library()


@register.simple_tag
def icon(name: str, extra: str = "") -> SafeString:
    """Show an icon of the sprite, by its Lucide name, with an extra CSS class. It is decoration: label its control."""
    classes = f"icon {extra}".rstrip()
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>', classes, static(SPRITE), name)
