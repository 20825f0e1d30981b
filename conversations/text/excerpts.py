"""Excerpts: a piece of a message around what was looked for in it, with that marked. Pure functions."""

import re
from collections.abc import Collection, Iterator

from django.utils.html import format_html_join
from django.utils.safestring import SafeString

WORD = re.compile(r"\w+")
LENGTH, LEAD = 320, 80  # characters of an excerpt, and those of them before the first mark
# The scripts that migrations/0001_search.sql splits: a part of a word is marked in them, as a run is a whole sentence.
UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u2fdf\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")


def words_of(text: str) -> set[str]:
    """Collect the words of a text, as `excerpt` is told which of them to mark."""
    return {word for word in WORD.findall(text) if not UNSPACED.search(word)}


def excerpt(text: str, words: Collection[str], parts: Collection[str]) -> SafeString:
    """Cut a text of one line around the first of `words` and `parts` in it, and mark all of them, as safe HTML."""
    spans = list(joined(spans_of(text, words, parts)))
    start = max(0, spans[0][0] - LEAD) if spans and spans[0][1] > LENGTH else 0
    start = text.rfind(" ", 0, start) + 1 if start else 0
    end = start + LENGTH
    pieces, at = [(False, "… " if start else "")], start
    for left, right in (span for span in spans if start <= span[0] < end):
        pieces += [(False, text[at:left]), (True, text[left:right])]
        at = right
    rest = text[at : max(at, end)]
    pieces.append((False, rest + (" …" if at + len(rest) < len(text) else "")))
    return format_html_join("", "{}{}{}", (marks(is_marked, piece) for is_marked, piece in pieces if piece))


def marks(is_marked: bool, piece: str) -> tuple[SafeString, str, SafeString]:
    return (SafeString("<mark>"), piece, SafeString("</mark>")) if is_marked else (SafeString(), piece, SafeString())


def spans_of(text: str, words: Collection[str], parts: Collection[str]) -> Iterator[tuple[int, int]]:
    for match in WORD.finditer(text):
        if match[0] in words:
            yield match.span()
    small = text.lower()
    if len(small) == len(text):  # else, as with İ, nothing would be where it is found
        for part in parts:
            for match in re.finditer(re.escape(part.lower()), small):
                yield match.span()


def joined(spans: Iterator[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Put spans in order, and those that overlap together."""
    open_span = None
    for left, right in sorted(spans):
        if open_span and left <= open_span[1]:
            open_span = (open_span[0], max(open_span[1], right))
        else:
            if open_span:
                yield open_span
            open_span = (left, right)
    if open_span:
        yield open_span
