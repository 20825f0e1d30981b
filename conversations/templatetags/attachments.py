"""How attachments are shown."""

from typing import Any

from django import template
from django.utils.formats import number_format
from django.utils.translation import ngettext

from accounts.pictures.cleaning import Size, fitting

register = template.Library()


@register.simple_tag
def shown_size(file: dict[str, Any]) -> Size:
    """Tell how much place a picture takes on a page, which is reserved before it is there."""
    return fitting((file["width"], file["height"]))


@register.filter
def file_size(size: int) -> str:
    """Write a number of bytes as the limits are written: in steps of a thousand."""
    if size < 1000:
        return ngettext("%(size)d byte", "%(size)d bytes", size) % {"size": size}
    if size < 1_000_000:
        return f"{size / 1000:.0f} KB"
    return f"{number_format(f'{size / 1_000_000:.1f}'.removesuffix('.0'))} MB"
