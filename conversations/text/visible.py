"""Which characters can be seen. Pure functions."""

from unicodedata import category

# Letters, marks and symbols that are drawn as nothing: fillers of Hangul, the empty Braille pattern, selectors.
EMPTY = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0")
EMPTY |= frozenset(map(chr, [*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)]))


def is_visible(text: str) -> bool:
    """Return whether a reader sees anything of a text."""
    return any(category(character)[0] not in "CZ" and character not in EMPTY for character in text)
