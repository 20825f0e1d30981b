"""Which characters can be seen. Pure functions."""

from unicodedata import category

from accounts.names import DRAWN, EMPTY

# Unicode categories without a picture. Unassigned characters have one: new emoji are newer than our tables.
BLANK = ("Cc", "Cf", "Cs", "Zs", "Zl", "Zp")


def is_visible(text: str) -> bool:
    """Return whether a reader sees anything of a text."""
    return any(map(is_drawn, text))


def is_drawn(character: str) -> bool:
    return bool(DRAWN.match(character)) or not (EMPTY.match(character) or category(character) in BLANK)
