"""Render Markdown as safe HTML. Pure functions, called when a message is written, not when it is read."""

import re
from functools import cache
from html import escape, unescape

import nh3
from markdown_it import MarkdownIt

from conversations.text.markdown import effort, rules
from conversations.text.markdown.rendered import SCHEMES, Rendered, with_facts

TAGS = {
    *("p", "br", "hr", "h4", "h5", "h6", "blockquote", "ul", "ol", "li"),
    *("em", "strong", "s", "a", "code", "pre", "span"),
    *("table", "thead", "tbody", "tr", "th", "td"),
    *("details", "summary"),
}
ATTRIBUTES = {
    "a": {"href", "class"},
    "span": {"class"},
    "details": {"class"},
    "summary": {"data-lines", "data-language"},  # placeholders of labels
    "pre": {"class", "tabindex"},  # so that keys can scroll code that is wider than the page
    "code": {"class"},
    "ol": {"start"},
    "th": {"align"},
    "td": {"align"},
}
# Tags within a line, unlike those that begin a new line.
INLINE_TAG = re.compile(r"</?(?:a|code|em|mark|s|span|strong)\b[^>]*>?")
TAG = re.compile(r"<[^>]*>?")
MAX_HTML_CHARACTERS = 200_000
MAX_NESTING = 20  # quotes and lists: deeper than anyone needs, and still fast


def render(source: str, names: frozenset[str] = frozenset()) -> Rendered:
    """Render Markdown as HTML that is safe to put into a page; `names` are the people who can be mentioned in it.

    The HTML is the same in all languages: `with_labels` adds the labels when it is shown.
    """
    try:
        tokens = parser().parse(source, {rules.NAMES: names})
    except effort.TooMuch:
        return as_it_is(source)
    if any(token.level >= MAX_NESTING - 1 for token in tokens):
        return as_it_is(source)  # the parser drops text that is nested deeper
    html = nh3.clean(
        parser().renderer.render(tokens, parser().options, {}),
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes=SCHEMES,
        link_rel="noopener noreferrer nofollow",
    ).strip()
    # A lone link definition renders as nothing, a table may render as far too much.
    if not html or len(html) > MAX_HTML_CHARACTERS:
        return as_it_is(source)
    return with_facts(html, tokens)


def as_it_is(source: str) -> Rendered:
    """Show the source unrendered, where Markdown would lose parts of it."""
    return Rendered(f"<p>{'<br>'.join(escape(source).splitlines())}</p>", words=" ".join(source.split()))


def in_plain_words(html: str) -> str:
    """Strip the tags from rendered HTML, even if it is cut off within a tag: for one-line previews."""
    return " ".join(unescape(TAG.sub(" ", INLINE_TAG.sub("", html))).split())


@cache
def parser() -> MarkdownIt:
    """Build the parser: CommonMark with line breaks as typed, tables, strikethrough, and bare URLs as links."""
    markdown = MarkdownIt(
        "commonmark",
        {"html": False, "breaks": True, "linkify": True, "maxNesting": MAX_NESTING},
    )
    markdown.enable(["table", "strikethrough", "linkify"])
    markdown.disable("image")  # a picture from another site would show that site who reads the message
    rules.extend(markdown)
    effort.limit(markdown)
    return markdown
