"""How attachments are shown."""

from typing import Any

from django import template

from accounts.pictures import Size, fitting

register = template.Library()


@register.simple_tag
def shown_size(file: dict[str, Any]) -> Size:
    """Tell how much place a picture takes on a page, which is reserved before it is there."""
    return fitting((file["width"], file["height"]))
