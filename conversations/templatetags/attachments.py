"""Template tags for attachments."""

from typing import Any

from django import template
from django.utils.formats import number_format
from django.utils.translation import ngettext

from accounts.pictures.cleaning import Size, fitting

register = template.Library()


@register.simple_tag
def shown_size(file: dict[str, Any]) -> Size:
    """Return the size of a picture on the page, so that browsers reserve its space before it has loaded."""
    return fitting((file["width"], file["height"]))


@register.filter
def file_size(size: int) -> str:
    """Format a number of bytes like the limits: in units of a thousand."""
    if size < 1000:
        return ngettext("%(size)d byte", "%(size)d bytes", size) % {"size": size}
    if size < 1_000_000:
        return f"{size / 1000:.0f} KB"
    return f"{number_format(f'{size / 1_000_000:.1f}'.removesuffix('.0'))} MB"
