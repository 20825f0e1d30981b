"""HTML as release 0.1 stored it: with labels in English, and no place for what its renderer found."""

import re
from html import escape, unescape

from conversations.text.markdown.rendered import Rendered

# Only a renderer writes these: HTML that people type is escaped.
LINK = re.compile(r'<a href="([^"]*)"')
CODE = "<code>"
LABEL = re.compile(
    r'<span class="task" role="img" aria-label="(?:To do|Done)">'
    r"|<summary>(?P<lines>\d+) lines of (?P<language>[^<]*)</summary>"
)


def with_facts(html: str) -> Rendered:
    """Find in HTML of release 0.1 the links and code that its renderer put there, and take its labels out."""
    return Rendered(without_labels(html), links=tuple(map(unescape, LINK.findall(html))), has_code=CODE in html)


def without_labels(html: str) -> str:
    """Leave the places of labels where release 0.1 wrote them in English; other HTML stays as it is."""
    return LABEL.sub(place_of, html)


def place_of(label: re.Match[str]) -> str:
    if not label["lines"]:
        return '<span class="task">'
    language = "" if label["language"] == "code" else unescape(label["language"])
    return f'<summary data-lines="{label["lines"]}" data-language="{escape(language)}"></summary>'
