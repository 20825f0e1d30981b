"""Render Markdown as safe HTML. Pure functions, called when a message is written, not when it is read."""

from functools import cache
from html import escape

import nh3

from conversations.text.markdown import addresses, as_typed, effort, flanking, rules
from conversations.text.markdown.links import SCHEMES, Markdown
from conversations.text.markdown.rendered import Rendered, with_facts
from conversations.text.visible import is_visible

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
    "li": {"value"},
    "th": {"align"},
    "td": {"align"},
}
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
    rendered = with_facts(html, tokens)
    # Control characters and an empty block of code render as nothing, a table may render as far too much.
    is_seen = is_visible(rendered.words) or any(token.type == "hr" for token in tokens)
    return rendered if is_seen and len(html) <= MAX_HTML_CHARACTERS else as_it_is(source)


def as_it_is(source: str) -> Rendered:
    """Show the source unrendered, where Markdown would lose parts of it."""
    return Rendered(f"<p>{'<br>'.join(escape(source).splitlines())}</p>", words=in_one_line(source))


def in_one_line(text: str, is_source: bool = False) -> str:
    """Put plain text in one line; render it first if it is the Markdown of a message without facts."""
    return render(text).words if is_source else " ".join(text.split())


@cache
def parser() -> Markdown:
    """Build the parser: CommonMark with line breaks as typed, tables, strikethrough, and bare URLs as links."""
    markdown = Markdown("commonmark", {"html": False, "breaks": True, "linkify": True, "maxNesting": MAX_NESTING})
    markdown.enable(["table", "strikethrough", "linkify"])
    markdown.disable("image")  # a picture from another site would show that site who reads the message
    markdown.inline = flanking.Inline(markdown.inline)
    for each in (as_typed, addresses, rules):
        each.extend(markdown)
    effort.limit(markdown)
    return markdown
