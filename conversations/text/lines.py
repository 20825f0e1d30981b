"""How many lines a message takes on a page, so that long ones fold. Pure functions."""

import re
from collections.abc import Iterable
from typing import NamedTuple

MAX_LINES = 15
SLACK_LINES = 3  # a fold that hides less than this is not worth a click
# Characters a line, roughly: of the widest text on a page, and on a phone.
WIDE, NARROW = 95, 45
FOLDED_CODE_LINES = 9  # of code that folds by itself
FENCE = re.compile(r" {0,3}(```|~~~)")


class Height(NamedTuple):
    """The lines of a message on a wide page, and on a phone."""

    wide: float
    narrow: float


def is_short(source: str) -> bool:
    """Return whether a message surely takes no more than MAX_LINES, by two quick comparisons."""
    return len(source) <= NARROW * 2 and source.count("\n") <= 2


def fold(source: str) -> str:
    """Return how a message folds: "always", "on-phones", or "" for not at all."""
    if is_short(source):
        return ""
    height = height_of(source.splitlines())
    if height.wide > MAX_LINES + SLACK_LINES:
        return "always"
    return "on-phones" if height.narrow > MAX_LINES + SLACK_LINES else ""


def height_of(lines: Iterable[str]) -> Height:
    """Estimate the lines of a Markdown source; code does not wrap, and long code folds by itself."""
    wide = narrow = 0.0
    code: int | None = None  # the lines of an open block of code
    for line in lines:
        if FENCE.match(line):
            if code is not None:
                wide, narrow = wide + min(code, FOLDED_CODE_LINES), narrow + min(code, FOLDED_CODE_LINES)
            code = 0 if code is None else None
        elif code is not None:
            code += 1
        else:
            # A blank line is the space between two paragraphs.
            wide += 1 + len(line) // WIDE if line.strip() else 0.4
            narrow += 1 + len(line) // NARROW if line.strip() else 0.4
    rest = min(code or 0, FOLDED_CODE_LINES)
    return Height(wide + rest, narrow + rest)
