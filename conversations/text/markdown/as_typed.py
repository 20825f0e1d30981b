"""Markdown that would drop what somebody typed is shown as it was typed."""

from collections.abc import Callable

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, blockquote, heading, list_block
from markdown_it.rules_block.table import escapedSplit, getLine, table
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from conversations.text.highlighting import LANGUAGES

BlockRule = Callable[[StateBlock, int, int, bool], bool]
CONTENT = {"inline", "fence", "code_block", "hr"}


def extend(markdown: MarkdownIt) -> None:
    """Make a parser show what CommonMark drops: definitions, underlines, words after ```, cells without a column."""
    # A definition is dropped wherever it stands; a line of dashes makes the paragraph above it a heading.
    markdown.disable(["reference", "lheading", "entity"])
    interrupts = ["paragraph", "blockquote"]
    markdown.block.ruler.at("heading", heading_with_words, {"alt": interrupts})
    markdown.block.ruler.at("list", unless_empty(list_block), {"alt": interrupts})
    markdown.block.ruler.at("blockquote", unless_empty(blockquote), {"alt": [*interrupts, "list"]})
    markdown.core.ruler.after("block", "info", show_info)
    markdown.core.ruler.after("info", "numbers", show_numbers)


def heading_with_words(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Parse a heading unless it is empty, and keep a # at its end, as in `# Why C #`."""
    line = state.getLines(start, start + 1, state.blkIndent, False).strip()
    if not line.strip("# \t") or not heading(state, start, end, silent):
        return False
    if not silent and line.endswith((" #", "\t#")):
        state.tokens[-2].content += " #"
    return True


def unless_empty(rule: BlockRule) -> BlockRule:
    """Make a rule for a quote or list that leaves some to be shown as they were typed: see `shows_all`."""

    def parse(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        count = len(state.tokens)
        if not rule(state, start, end, silent):
            return False
        if silent or shows_all(state.tokens[count:]):
            return True
        del state.tokens[count:]
        state.line = start
        return False

    return parse


def shows_all(tokens: list[Token]) -> bool:
    """Tell whether a quote or list has content, and no number such as 007 that browsers would write as 7."""
    numbers = (token.info for token in tokens if token.type == "list_item_open" and token.level == tokens[0].level + 1)
    has_zeros = any(number.startswith("0") and len(number) > 1 for number in numbers)
    return not has_zeros and any(token.type in CONTENT for token in tokens)


def show_info(state: StateCore) -> None:
    """Make what follows ``` the first line of the code, unless it names the language of the code."""
    for token in state.tokens:
        info = token.info.strip() if token.type == "fence" else ""
        if info and not (info.lower() in LANGUAGES and token.content.strip()):
            token.info, token.content = "", f"{info}\n{token.content}"


def show_numbers(state: StateCore) -> None:
    """Number the items of a list as they were typed, where these numbers are not consecutive."""
    open_lists: list[list[Token]] = []
    for token in state.tokens:
        if token.type in ("ordered_list_open", "bullet_list_open"):
            open_lists.append([])
        elif token.type == "list_item_open" and token.info:
            open_lists[-1].append(token)
        elif token.type in ("ordered_list_close", "bullet_list_close"):
            number(open_lists.pop())


def number(items: list[Token]) -> None:
    numbers = [int(item.info) for item in items]
    if len(set(numbers)) > 1:  # many people type 1. before each item and leave the counting to Markdown
        for item, typed, before in zip(items[1:], numbers[1:], numbers, strict=False):
            if typed != before + 1:
                item.attrs["value"] = typed


def table_with_all_cells(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Parse a table, and show cells beyond its columns in its last column."""
    count = len(state.tokens)
    if not table(state, start, end, silent):
        return False
    row, left, columns = start, 0, sum(token.type == "th_open" for token in state.tokens[count:])
    for token in state.tokens[count:]:
        if token.type == "tr_open" and token.map:
            row, left = token.map[0], columns
        elif token.type == "inline":
            left -= 1
            if not left:
                token.content = " | ".join([token.content, *cells_of(getLine(state, row))[columns:]])
    return True


def cells_of(line: str) -> list[str]:
    cells = [cell.strip() for cell in escapedSplit(line.strip())]
    return cells[not cells[0] : len(cells) - (not cells[-1])]
