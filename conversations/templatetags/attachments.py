"""Template tags for attachments."""

from typing import Any

from django import template
from django.utils.formats import number_format
from django.utils.translation import ngettext

from accounts.pictures.cleaning import Size, fitting
from conversations.text import file_types

ICONS = {"video": "file-video", "audio": "file-audio", "pdf": "file-text", "text": "file-text"}
ICONS |= {"archive": "file-archive", "file": "file"}

register = template.Library()


@register.filter
def kind(file: dict[str, Any]) -> str:
    """Return how a file is shown."""
    return file_types.kind_of(file["content_type"], is_picture=file["width"] is not None)


@register.filter
def icon_of(kind: str) -> str:
    """Return the icon of a file of this kind."""
    return ICONS[kind]


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
