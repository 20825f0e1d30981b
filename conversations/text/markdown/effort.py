"""Limits that keep rendering fast: the parser refuses a text that would take too long before it parses its lines."""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, table
from markdown_it.rules_core import StateCore

from conversations.text.markdown.as_typed import table_with_all_cells

# Measured microseconds; ordinary messages stay far below MAX_MICROSECONDS.
BLOCK_MICROSECONDS = 6
# To check whether a line begins a block: within quotes and lists, each level checks lines without its mark again.
CHECK_MICROSECONDS = 4
MARK_MICROSECONDS = {
    **dict.fromkeys("*_~", 8),
    "[": 45,
    "](": 10,
    "](/": 60,
    "<": 25,
    "@": 20,
    "//": 60,
    "\n": 9,
    ":": 5,
    "`": 4,
    "\\": 4,
    "&": 4,
    "!": 2,
}
ADDRESS = re.compile(r"\.[a-z]{2}|www\.", re.IGNORECASE)
ADDRESS_MICROSECONDS = 35
# An opening bracket searches for its closing one, from mark to mark, and only to a limited depth.
MARK = re.compile(r"[^\w ]|_")
STEP_MICROSECONDS = 0.5
MAX_BRACKET_DEPTH = 30
MAX_MICROSECONDS = 32_000
MAX_CELLS = 2000
# Keys in the environment of a rendering.
CHECKS = "checks of lines"
REFUSED = "a table is refused"


class TooMuch(Exception):
    """The text would take too long to render: it is hostile, or not Markdown at all."""


def limit(markdown: MarkdownIt) -> None:
    """Make a parser refuse texts that would take too long."""
    markdown.core.ruler.after("block", "effort", refuse_too_much)
    markdown.block.ruler.at("table", table_of_few_cells, {"alt": ["paragraph"]})
    interrupted = ["paragraph", "blockquote", "list"]
    markdown.block.ruler.before("table", "check", count_checks, {"alt": interrupted})


def refuse_too_much(state: StateCore) -> None:
    """Raise TooMuch if the text within the blocks would take too long."""
    effort: float = BLOCK_MICROSECONDS * len(state.tokens)
    for token in state.tokens:
        if token.type == "inline":
            effort += sum(cost * token.content.count(mark) for mark, cost in MARK_MICROSECONDS.items())
            effort += ADDRESS_MICROSECONDS * len(ADDRESS.findall(token.content))
            brackets = min(token.content.count("["), MAX_BRACKET_DEPTH)
            effort += brackets and STEP_MICROSECONDS * brackets * len(MARK.findall(token.content))
        if effort > MAX_MICROSECONDS:
            raise TooMuch


def count_checks(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Raise TooMuch if splitting the lines into blocks would take too long; match no block itself."""
    state.env[CHECKS] = state.env.get(CHECKS, 0) + 1
    if CHECK_MICROSECONDS * state.env[CHECKS] + BLOCK_MICROSECONDS * len(state.tokens) > MAX_MICROSECONDS:
        raise TooMuch
    return False


def table_of_few_cells(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Parse a table unless it is huge: the parser pads short rows to the columns of the first row."""
    if state.env.get(REFUSED) or not table(state, start, end, silent=True):
        return False
    columns, rows = state.getLines(start, start + 1, 0, False).count("|") + 1, 0
    while start + rows < end and not state.isEmpty(start + rows):
        rows += 1
        if columns * rows > MAX_CELLS:
            state.env[REFUSED] = True  # for the whole text, as each further line would count again
            return False
    return silent or table_with_all_cells(state, start, end, silent)
