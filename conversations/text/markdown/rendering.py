"""Markdown to safe HTML: what people write, as everyone reads it. Pure functions, run when it is written."""

import re
from functools import cache
from html import escape, unescape

import nh3
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt

from conversations.text.markdown import effort, rules

TAGS = {
    *("p", "br", "hr", "h4", "h5", "h6", "blockquote", "ul", "ol", "li"),
    *("em", "strong", "s", "a", "code", "pre", "span"),
    *("table", "thead", "tbody", "tr", "th", "td"),
    *("details", "summary"),
}
ATTRIBUTES = {
    "a": {"href", "class"},
    "span": {"class", "role", "aria-label"},
    "details": {"class"},
    "pre": {"class", "tabindex"},  # so that keys scroll what is wider than the page
    "code": {"class"},
    "ol": {"start"},
    "th": {"align"},
    "td": {"align"},
}
SCHEMES = {"http", "https", "mailto"}
# Tags within a line, as opposed to those that begin another.
INLINE_TAG = re.compile(r"</?(?:a|code|em|mark|s|span|strong)\b[^>]*>?")
TAG = re.compile(r"<[^>]*>?")
# What the rules say themselves; nobody can write such tags.
OUR_WORDS = re.compile(
    r"<summary>(?P<lines>\d+) lines of (?P<kind>[^<]*)</summary>"
    r'|(?<=<span class="task" role="img" aria-label=")(?P<box>To do|Done)(?=")'
)
MOST_HTML = 200_000  # characters
NESTING = 20  # deeper quotes and lists than anyone means, and as deep as stays quick


def render(source: str, names: frozenset[str] = frozenset()) -> str:
    """Render what somebody wrote, as HTML that is safe to put into a page; `names` are who can be mentioned in it."""
    try:
        tokens = parser().parse(source, {rules.NAMES: names})
    except effort.TooMuch:
        return as_it_is(source)
    if any(token.level >= NESTING - 1 for token in tokens):
        return as_it_is(source)  # the parser drops what is nested deeper
    html = nh3.clean(
        parser().renderer.render(tokens, parser().options, {}),
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes=SCHEMES,
        link_rel="noopener noreferrer nofollow",
    ).strip()
    if not html or len(html) > MOST_HTML:  # a lone link definition renders as nothing, a table as much
        return as_it_is(source)
    return html


def as_it_is(source: str) -> str:
    """Show the source, where Markdown would lose words of it."""
    return f"<p>{'<br>'.join(escape(source).splitlines())}</p>"


def in_this_language(html: str) -> str:
    """Say in the language of who reads what rendered HTML says besides what somebody wrote."""
    return OUR_WORDS.sub(ours, html)


def ours(found: re.Match) -> str:
    if found["lines"]:
        kind = _("code") if found["kind"] == "code" else found["kind"]
        words = _("%(lines)s lines of %(kind)s") % {"lines": found["lines"], "kind": kind}
        return f"<summary>{words}</summary>"
    return _("Done") if found["box"] == "Done" else _("To do")


def in_plain_words(html: str) -> str:
    """Take the marks out of rendered HTML, also where it is cut off within one: for previews of one line."""
    return " ".join(unescape(TAG.sub(" ", INLINE_TAG.sub("", html))).split())


@cache
def parser() -> MarkdownIt:
    """Build the parser: CommonMark with the newlines of chat, tables, strikethrough, and links that need no marks."""
    markdown = MarkdownIt(
        "commonmark",
        {"html": False, "breaks": True, "linkify": True, "maxNesting": NESTING},
    )
    markdown.enable(["table", "strikethrough", "linkify"])
    markdown.disable("image")  # a picture from elsewhere tells that place who reads here
    rules.extend(markdown)
    effort.limit(markdown)
    return markdown
