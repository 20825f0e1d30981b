"""Notices about changes, with a button to undo them."""

from django.contrib import messages
from django.http import HttpRequest
from django.utils.functional import Promise


def tell(request: HttpRequest, words: str | Promise, *, undo: str = "") -> None:
    """Show `words` on the next page, with an Undo button that posts to the address `undo`.

    The address travels in `extra_tags`, the only field that Django's messages have beside their words.
    """
    messages.success(request, str(words), extra_tags=undo)
