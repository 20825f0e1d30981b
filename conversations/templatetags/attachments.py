"""How attachments are shown."""

from typing import Any

from django import template

from accounts.pictures import Size, fitting

register = template.Library()


@register.simple_tag
def shown_size(file: dict[str, Any]) -> Size:
    """Tell how much place a picture takes on a page, which is reserved before it is there."""
    return fitting((file["width"], file["height"]))


@register.filter
def file_size(size: int) -> str:
    """Write a number of bytes as the limits are written: in steps of a thousand."""
    if size < 1000:
        return f"{size} bytes"
    return f"{size / 1000:.0f} KB" if size < 1_000_000 else f"{size / 1_000_000:.1f} MB".replace(".0 ", " ")
