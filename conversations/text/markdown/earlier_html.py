"""HTML as release 0.1 stored it: with labels in English, and without facts."""

import re
from html import escape, unescape

from conversations.text.markdown.rendered import Rendered

# Only a renderer writes these: HTML that people type is escaped.
LINK = re.compile(r'<a href="([^"]*)"')
CODE = "<code>"
# Tags within a line, unlike those that begin a new line.
INLINE_TAG = re.compile(r"</?(?:a|code|em|s|span|strong)\b[^>]*>")
TAG = re.compile(r"<[^>]*>")
LABEL = re.compile(
    r'<span class="task" role="img" aria-label="(?:To do|Done)">'
    r"|<summary>(?P<lines>\d+) lines of (?P<language>[^<]*)</summary>"
)


def with_facts(html: str) -> Rendered:
    """Find the links, code and words in HTML of release 0.1, and replace its labels by placeholders."""
    new = without_labels(html)
    links = tuple(map(unescape, LINK.findall(html)))
    return Rendered(new, links=links, has_code=CODE in html, words=words_of(new))


def words_of(html: str) -> str:
    """Strip the tags from rendered HTML."""
    return " ".join(unescape(TAG.sub(" ", INLINE_TAG.sub("", html))).split())


def without_labels(html: str) -> str:
    """Replace the English labels of release 0.1 by placeholders; other HTML stays unchanged."""
    return LABEL.sub(placeholder, html)


def placeholder(label: re.Match[str]) -> str:
    if not label["lines"]:
        return '<span class="task">'
    language = "" if label["language"] == "code" else unescape(label["language"])
    return f'<summary data-lines="{label["lines"]}" data-language="{escape(language)}"></summary>'
