"""Emphasis in scripts without spaces around words, such as Chinese and Thai (CommonMark alone leaves `**`).

The rules are those of https://github.com/tats-u/markdown-cjk-friendly; all other text is read as CommonMark says.
"""

import re
from unicodedata import category, east_asian_width

from markdown_it import MarkdownIt
from markdown_it.parser_inline import ParserInline
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Scanned
from markdown_it.token import Token
from markdown_it.utils import EnvType

WITHOUT_SPACES = re.compile("[\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u1950-\u19ff]")  # Thai to Burmese, Khmer, Tai


class Inline(ParserInline):
    """An inline parser with the rules of another one, and our rules for emphasis."""

    def __init__(self, rules: ParserInline) -> None:
        super().__init__()
        self.ruler, self.ruler2 = rules.ruler, rules.ruler2

    def parse(self, src: str, md: MarkdownIt, env: EnvType, tokens: list[Token]) -> list[Token]:
        """Parse a text into `tokens`, as the parser of the library does, but with our state."""
        state = State(src, md, env, tokens)
        self.tokenize(state)
        for rule in self.ruler2.getRules(""):
            rule(state)
        return state.tokens


class State(StateInline):
    """The state of parsing one text."""

    def scanDelims(self, start: int, canSplitWord: bool) -> Scanned:
        """Tell whether a run of marks may open and close emphasis, and how long it is."""
        end = start
        while end < self.posMax and self.src[end] == self.src[start]:
            end += 1
        before = self.src[start - 1] if start else " "
        after = self.src[end] if end < self.posMax else " "
        opens, closes = leans_on(after, before), leans_on(before, after)
        can_open = opens and (canSplitWord or not closes or is_punctuation(before))
        can_close = closes and (canSplitWord or not opens or is_punctuation(after))
        return Scanned(can_open, can_close, end - start)


def leans_on(near: str, far: str) -> bool:
    """Tell whether marks between two characters belong to the word of which `near` is part."""
    if near.isspace():
        return False
    return not is_punctuation(near) or is_wide(near) or far.isspace() or is_punctuation(far) or is_wide(far)


def is_punctuation(character: str) -> bool:
    return category(character)[0] in "PS"


def is_wide(character: str) -> bool:
    """Tell whether a character is written in a text without spaces; emoji stand in any text."""
    if WITHOUT_SPACES.match(character):
        return True
    return character > "\x7f" and east_asian_width(character) in "WFH" and category(character) != "So"
