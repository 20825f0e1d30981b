"""What keeps rendering quick: texts that would take too long are refused before the parser goes into their words."""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, table
from markdown_it.rules_core import StateCore

# Microseconds for each, as measured; what people mean to write stays far below the most.
BLOCK = 6
LOOK = 4  # at whether a line begins a block: within quotes and lists each level looks anew at lines without its mark
COSTS = {
    **dict.fromkeys("*_~", 8),
    "[": 45,
    "](": 10,
    "<": 25,
    "@": 20,
    "//": 50,
    "\n": 9,
    ":": 5,
    "`": 4,
    "\\": 4,
    "&": 4,
    "!": 2,
}
ADDRESS, ADDRESS_COSTS = re.compile(r"\.[a-z]{2}|www\.", re.IGNORECASE), 35
# Brackets look for those that close them, in steps from mark to mark, and within one another only so deep.
MARKS, STEP, DEEPEST = re.compile(r"[^\w ]|_"), 0.5, 30
MOST = 32_000
MOST_CELLS = 2000
# In the environment of a rendering.
LOOKS, REFUSED = "looks at lines", "a table is refused"


class TooMuch(Exception):
    """Somebody means harm, or has pasted what is no Markdown."""


def limit(markdown: MarkdownIt) -> None:
    """Make a parser refuse what would take it too long."""
    markdown.core.ruler.after("block", "effort", refuse_too_much)
    markdown.block.ruler.at("table", table_of_few_cells, {"alt": ["paragraph", "reference"]})
    interrupted = ["paragraph", "reference", "blockquote", "list"]
    markdown.block.ruler.before("table", "look", count_looks, {"alt": interrupted})


def refuse_too_much(state: StateCore) -> None:
    """Raise TooMuch for blocks whose words would take too long."""
    effort: float = BLOCK * len(state.tokens)
    for token in state.tokens:
        if token.type == "inline":
            effort += sum(cost * token.content.count(mark) for mark, cost in COSTS.items())
            effort += ADDRESS_COSTS * len(ADDRESS.findall(token.content))
            brackets = min(token.content.count("["), DEEPEST)
            effort += brackets and STEP * brackets * len(MARKS.findall(token.content))
        if effort > MOST:
            raise TooMuch


def count_looks(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Raise TooMuch for lines that would take too long to make blocks of; it is itself no kind of block."""
    state.env[LOOKS] = state.env.get(LOOKS, 0) + 1
    if LOOK * state.env[LOOKS] + BLOCK * len(state.tokens) > MOST:
        raise TooMuch
    return False


def table_of_few_cells(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Take a table as one, unless it is huge: short rows are filled up to the columns of the first."""
    if state.env.get(REFUSED) or not table(state, start, end, silent=True):
        return False
    columns, rows = state.getLines(start, start + 1, 0, False).count("|") + 1, 0
    while start + rows < end and not state.isEmpty(start + rows):
        rows += 1
        if columns * rows > MOST_CELLS:
            state.env[REFUSED] = True  # once for all, as each further line would ask again
            return False
    return silent or table(state, start, end, silent)
