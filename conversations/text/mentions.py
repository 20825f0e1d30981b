"""Mentions in text: names after an @. Pure functions."""

import re
from collections.abc import Iterator, Mapping
from html import escape
from typing import NamedTuple

from django.urls import reverse

from conversations.text.folding import fold

EVERYBODY, PRESENT = "all", "here"
GROUPS = frozenset({EVERYBODY, PRESENT})
# Names are ASCII, but people type them with accents, and in full width. User names have at most 50 characters.
LETTER = (
    "0-9a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0300-\u036f\u1e00-\u1eff\uff10-\uff19\uff21-\uff3a\uff41-\uff5a"
)
NAME = re.compile(rf"(?<![{LETTER}_@＠])[@＠]([{LETTER}][{LETTER}._-]{{0,49}})(?![{LETTER}_@＠])", re.IGNORECASE)
# Before an @ right after one of these marks: "a.example/@ana" is an address, "@ana/@ben" and ".@ana" are not.
MARK = re.compile(r"\S*[./+-]$")
ADDRESS = re.compile(r"://|[\w@]\.\w")
MAX_MARKS = 3  # at the end of a user name; others end a sentence
# A mention in rendered HTML: a placeholder for the present name of the person, which nobody can type.
LINK = re.compile(r'(?P<start><a class="mention" href="[^"]*/(?P<name>[^"/]+)/"[^>]*>)@[^<]*(?=</a>)')


class Mention(NamedTuple):
    """A name that somebody typed: the text before it, the @ and the name as typed, and the user name it stands for."""

    before: str
    typed: str = ""
    name: str = ""


def may_mention(source: str) -> frozenset[str]:
    """Collect all possible names in text as it was typed, code and links included."""
    return frozenset(name for match in typed_names(source) for name in readings(match[1]))


def split(text: str, known: frozenset[str]) -> Iterator[Mention]:
    """Split text at the names that are known; the last mention has only the text before it."""
    end = 0
    for match in typed_names(text):
        found = next((each for each in readings(match[1]).items() if each[0] in known), None)
        if found:
            name, length = found
            yield Mention(text[end : match.start()], text[match.start() : match.start(1) + length], name)
            end = match.start(1) + length
    yield Mention(text[end:])


def typed_names(text: str) -> Iterator[re.Match[str]]:
    """Find what may be a name after an @, but not within an address."""
    end = 0
    for match in NAME.finditer(text):
        before = MARK.search(text, end, match.start())
        if not before or not ADDRESS.search(before[0]):
            yield match
            end = match.end()


def readings(word: str) -> dict[str, int]:
    """Map the names that a word may stand for to their length in it: a dot may end the name, or the sentence."""
    bare = len(word.rstrip("._-"))
    lengths = range(min(len(word), bare + MAX_MARKS), bare - 1, -1)
    return {fold(word[:length]): length for length in lengths}


def address_of(name: str) -> str | None:
    """Return the address of the mentioned person; None for a group."""
    return None if name in GROUPS else reverse("person", args=[name])


def mentioned_in(html: str) -> set[str]:
    """Collect the user names of the people whom a rendered text mentions."""
    return {match["name"] for match in LINK.finditer(html)} if 'class="mention"' in html else set()


def with_names(html: str, names: Mapping[str, str]) -> str:
    """Show mentions in rendered HTML by the names of the people, {user name: name}; others stay as they were typed."""

    def show(match: re.Match[str]) -> str:
        name = names.get(match["name"])
        return f"{match['start']}@{escape(name)}" if name else match[0]

    return LINK.sub(show, html) if names else html
