"""A template tag for the emoji picker."""

from django import template
from django.urls import reverse
from django.utils.translation import get_language

from conversations.views.emoji import version_of

register = template.Library()


@register.simple_tag
def emoji_address() -> str:
    """Return the address of the list of emoji in the language of the page."""
    language = get_language() or "en"
    return reverse("emoji", args=[language, version_of(language)])
