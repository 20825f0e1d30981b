"""Excerpts: the part of a message around the words that were searched for, with these marked. Pure functions."""

import re
from collections.abc import Collection, Iterator

from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from conversations.text.folding import MARKS

WORD = re.compile(rf"(?:\w(?:{MARKS.pattern})?)+")
EXCERPT_CHARACTERS = 320
LEAD_CHARACTERS = 80  # before the first mark
# Scripts without spaces, which migrations/0001_search.sql splits: WORD would match whole sentences in them.
UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u2fdf\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")


def words_of(text: str) -> set[str]:
    """Collect the words of a text from which the caller of `excerpt` chooses those to mark."""
    return {word for word in WORD.findall(text) if not UNSPACED.search(word)}


def excerpt(text: str, words: Collection[str], parts: Collection[str]) -> SafeString:
    """Cut a one-line text around the first of `words` and `parts`, and mark all of them, as safe HTML."""
    spans = list(joined(spans_of(text, words, parts)))
    start = max(0, spans[0][0] - LEAD_CHARACTERS) if spans and spans[0][1] > EXCERPT_CHARACTERS else 0
    start = text.rfind(" ", 0, start) + 1 if start else 0
    end = start + EXCERPT_CHARACTERS
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
    if len(small) == len(text):  # lower() lengthens İ, which would shift all positions after it
        for part in parts:
            for match in re.finditer(re.escape(part.lower()), small):
                yield match.span()


def joined(spans: Iterator[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Sort spans, and merge those that overlap or touch."""
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
