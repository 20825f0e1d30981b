"""Help, on one page."""

from functools import cache

from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from conversations.text import markdown

EXAMPLES = [
    "**bold**, *italic*, ~~struck out~~",
    "`code` in a line",
    "```python\nprint('Hello')\n```",
    "> what somebody said\n\nan answer to it",
    "- one\n- two\n\n1. first\n2. second",
    "- [ ] to do\n- [x] done",
    "| cake | pieces |\n|---|--:|\n| apple | 12 |",
    "# A heading",
    "https://example.org/ or [its name](https://example.org/)",
    ":tada: :+1: 🍰",
    r"\*as it is\*",
]


@require_safe
def show(request):
    return render(request, "help/help.html", {"examples": [(each, rendered(each)) for each in EXAMPLES]})


def rendered(text: str) -> SafeString:
    """Render an example as a message."""
    return mark_safe(markdown.with_labels(html_of(text)))  # noqa: S308 – our renderer escapes


@cache
def html_of(text: str) -> str:
    return markdown.render(text).html
