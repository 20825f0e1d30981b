"""Markdown to safe HTML: what people write, as everyone reads it. Pure functions, run when it is written."""

import re
from functools import cache
from html import escape, unescape

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from conversations.highlighting import highlighter

TAGS = {
    *("p", "br", "hr", "h4", "h5", "h6", "blockquote", "ul", "ol", "li"),
    *("em", "strong", "s", "a", "code", "pre", "span"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
ATTRIBUTES = {"a": {"href"}, "ol": {"start"}, "th": {"align"}, "td": {"align"}}
CLASSED = {"pre", "span", "code"}
SCHEMES = {"http", "https", "mailto"}
TAG = re.compile(r"<[^>]*>?")
MOST_HTML = 200_000  # characters
NESTING = 20  # deeper quotes and lists than anyone means, and as deep as stays quick


def render(source: str) -> str:
    """Render what somebody wrote, as HTML that is safe to put into a page."""
    tokens = parser().parse(source)
    if any(token.level >= NESTING - 1 for token in tokens):
        return as_it_is(source)  # the parser drops what is nested deeper
    html = nh3.clean(
        parser().renderer.render(tokens, parser().options, {}),
        tags=TAGS,
        attributes=ATTRIBUTES | {tag: {"class"} for tag in CLASSED},
        url_schemes=SCHEMES,
        link_rel="noopener noreferrer nofollow",
    ).strip()
    if not html or len(html) > MOST_HTML:  # a lone link definition renders as nothing, a table as much
        return as_it_is(source)
    return html


def as_it_is(source: str) -> str:
    """Show the source, where Markdown would lose words of it."""
    return f"<p>{'<br>'.join(escape(source).splitlines())}</p>"


def in_plain_words(html: str) -> str:
    """Take the marks out of rendered HTML, also where it is cut off within one: for previews of one line."""
    return " ".join(unescape(TAG.sub(" ", html)).split())


@cache
def parser() -> MarkdownIt:
    """Build the parser: CommonMark with the newlines of chat, tables, strikethrough, and links that need no marks."""
    markdown = MarkdownIt(
        "commonmark",
        {"html": False, "breaks": True, "linkify": True, "maxNesting": NESTING, "highlight": highlight_code},
    )
    markdown.enable(["table", "strikethrough", "linkify"])
    markdown.disable("image")  # a picture from elsewhere tells that place who reads here
    markdown.add_render_rule("heading_open", heading)
    markdown.add_render_rule("heading_close", heading)
    markdown.add_render_rule("td_open", aligned_cell)
    markdown.add_render_rule("th_open", aligned_cell)
    return markdown


def heading(self: RendererHTML, tokens: list[Token], index: int, options: dict, env: dict) -> str:
    """Keep a message's headings below those of the page, by which screen readers find their way."""
    slash, level = "/" if tokens[index].nesting < 0 else "", int(tokens[index].tag[1])
    return f"<{slash}h{min(level + 3, 6)}>"


def aligned_cell(self: RendererHTML, tokens: list[Token], index: int, options: dict, env: dict) -> str:
    """Write a cell's alignment as an attribute, as our pages allow no inline styles."""
    tag, style = tokens[index].tag, tokens[index].attrs.get("style")
    return f'<{tag} align="{style.removeprefix("text-align:")}">' if style else f"<{tag}>"


def highlight_code(code: str, language: str, _: str) -> str:
    """Colour code by its language, where it names one that is known."""
    coloured = highlighter.colour(code, language) if language else None
    return f'<pre class="code"><code>{escape(code) if coloured is None else coloured}</code></pre>\n'
