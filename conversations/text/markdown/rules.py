"""Where our Markdown differs from CommonMark: mentions, emoji, headings, tables, tasks and code."""

import re
from collections.abc import Iterator
from html import escape
from itertools import zip_longest

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from conversations.text import mentions
from conversations.text.highlighting import Colours
from conversations.text.markdown.hosts import stated_elsewhere
from conversations.text.markdown.rendered import words_of
from conversations.text.shortcodes import with_emoji
from conversations.text.visible import is_visible

# Keys in the environment of a rendering: the people who can be mentioned, and its share of the highlighter.
NAMES, COLOURS = "names", "colours"
TASKS = {"[ ] ": "☐", "[x] ": "☑", "[X] ": "☑"}
MAX_UNFOLDED_LINES = 15  # of code
MAX_LANGUAGE_CHARACTERS = 30
MARKED = re.compile(r"[@＠:]|\]\(|www\.", re.IGNORECASE)  # what mark_words changes, roughly


def extend(markdown: MarkdownIt) -> None:
    """Make a parser follow our rules."""
    # Before escaped characters become text: \\@ana is no mention.
    markdown.core.ruler.before("text_join", "tasks", mark_tasks)
    markdown.core.ruler.before("text_join", "marks", mark_words)
    for name, rule in RULES.items():
        markdown.add_render_rule(name, rule)


def mark_tasks(state: StateCore) -> None:
    """Turn the brackets that begin list items into boxes."""
    for item, paragraph, inline in zip(state.tokens, state.tokens[1:], state.tokens[2:], strict=False):
        if item.type == "list_item_open" and paragraph.type == "paragraph_open" and inline.children:
            first = inline.children[0]
            if first.type == "text" and (box := TASKS.get(first.content[:4])):
                first.content = first.content[4:]
                inline.children.insert(0, Token("task", "span", 0, content=box))


def mark_words(state: StateCore) -> None:
    """Show emoji for their names, and names of people as mentions, outside of code and links."""
    if MARKED.search(state.src):
        names = state.env.get(NAMES, frozenset()) | mentions.GROUPS
        for inline in state.tokens:
            if inline.children:
                inline.children = list(marked(inline.children, names))


def marked(tokens: list[Token], names: frozenset[str]) -> Iterator[Token]:
    links: list[Token] = []
    words = ""
    for token, following in zip_longest(tokens, tokens[1:]):
        if is_link(following) and token.type == "text":
            token.content = token.content.removesuffix("!")  # the mark of a picture, which is shown as a link here
        if token.type == "link_open":
            links, words = [token], ""
            yield token
        elif token.type == "link_close":
            yield from end_of_link(links.pop(), words, token)
        elif token.type != "text" or links:
            words += words_of(token)
            yield token
        else:
            yield from with_mentions(token, names)


def end_of_link(opening: Token, words: str, closing: Token) -> Iterator[Token]:
    """Show the address of a link without words, the host of a link whose words are another address, and its title."""
    address = str(opening.attrs.get("href", ""))
    if not address:  # nothing was typed between the brackets, so it leads nowhere
        opening.type, opening.tag, opening.nesting, opening.content = "text", "", 0, "["
        closing = Token("text", "", 0, content="]()", level=opening.level)
    elif not is_visible(words):
        yield Token("text", "", 0, content=address, level=closing.level + 1)
    elif host := stated_elsewhere(words, address):
        yield Token("text", "", 0, content=f" ({host})", level=closing.level + 1)
    yield closing
    if title := opening.attrs.pop("title", ""):
        yield Token("text", "", 0, content=f' "{title}"', level=closing.level)


def with_mentions(token: Token, names: frozenset[str]) -> Iterator[Token]:
    for before, typed, name in mentions.split(token.content, names):
        yield Token("text", "", 0, content=with_emoji(before), level=token.level)
        if name:
            yield Token("mention", "", 0, content=typed, info=name, level=token.level)


def is_link(token: Token | None) -> bool:
    """Return whether a token begins a link that was typed as Markdown, not a bare URL."""
    return token is not None and token.type == "link_open" and not token.markup


def task(self: RendererHTML, tokens: list[Token], index: int, options: dict, env: dict) -> str:
    return f'<span class="task">{tokens[index].content}</span> '


def mention(self: RendererHTML, tokens: list[Token], index: int, options: dict, env: dict) -> str:
    typed = tokens[index].content
    if address := mentions.address_of(tokens[index].info):
        return f'<a class="mention" href="{address}">{typed}</a>'
    return f'<span class="mention">{typed}</span>'


def heading(self: RendererHTML, tokens: list[Token], index: int, options: dict, env: dict) -> str:
    """Render headings at lower levels than those of the page, by which screen readers navigate."""
    slash, level = "/" if tokens[index].nesting < 0 else "", int(tokens[index].tag[1])
    return f"<{slash}h{min(level + 3, 6)}>"


def aligned_cell(self: RendererHTML, tokens: list[Token], index: int, options: dict, env: dict) -> str:
    """Render a cell's alignment as an attribute, as our pages allow no inline styles."""
    tag, style = tokens[index].tag, str(tokens[index].attrs.get("style", ""))
    return f'<{tag} align="{style.removeprefix("text-align:")}">' if style else f"<{tag}>"


def code(self: RendererHTML, tokens: list[Token], index: int, options: dict, env: dict) -> str:
    """Colour code in a known language, and fold long code."""
    words, language = tokens[index].content, tokens[index].info.strip()
    coloured = env.setdefault(COLOURS, Colours()).colour(words, language) if words and language else ""
    block = f'<pre class="code" tabindex="0"><code>{coloured or escape(words)}</code></pre>\n'
    lines = words.count("\n")
    if lines <= MAX_UNFOLDED_LINES:
        return block
    kind = escape(language[:MAX_LANGUAGE_CHARACTERS]) if coloured else ""
    summary = f'<summary data-lines="{lines}" data-language="{kind}"></summary>'
    return f'<details class="long">{summary}{block}</details>\n'


RULES = {
    "task": task,
    "mention": mention,
    **dict.fromkeys(["heading_open", "heading_close"], heading),
    **dict.fromkeys(["td_open", "th_open"], aligned_cell),
    **dict.fromkeys(["fence", "code_block"], code),
}
