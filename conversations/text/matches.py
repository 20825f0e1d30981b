"""Names with the letters that somebody typed in bold. Pure functions."""

import re
from collections.abc import Iterator, Sequence

from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from accounts.typos import PYTHON_SEPARATOR, may_have_typo, typo_pattern
from conversations.text.excerpts import joined
from conversations.text.folding import fold


def with_matches(name: str, words: Sequence[str]) -> SafeString:
    """Mark where the name has each of these words, at the beginning of a word if possible, as safe HTML."""
    pieces: list[tuple[str, str, str]] = []
    at = 0
    for left, right in joined(matches(name, words)):
        pieces += [("", name[at:left], ""), (SafeString("<b>"), name[left:right], SafeString("</b>"))]
        at = right
    return format_html_join("", "{}{}{}", [*pieces, ("", name[at:], "")])


def matches(name: str, words: Sequence[str]) -> Iterator[tuple[int, int]]:
    folded = ""
    at: list[int] = []  # of each folded character, its place in the name
    for place, character in enumerate(name):
        folded += fold(character)
        at += [place] * (len(folded) - len(at))
    for word in map(fold, words):
        match = re.search(rf"\b{re.escape(word)}", folded) or re.search(re.escape(word), folded)
        if not match and may_have_typo(word):
            match = re.search(rf"\b{typo_pattern(word, PYTHON_SEPARATOR)}", folded)
        if match and match[0]:
            yield at[match.start()], at[match.start() + len(match[0].rstrip()) - 1] + 1
