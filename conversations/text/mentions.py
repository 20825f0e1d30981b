"""Mentions in text: names after an @. Pure functions."""

import re
from collections.abc import Iterator

from django.urls import reverse

EVERYBODY, PRESENT = "all", "here"
GROUPS = frozenset({EVERYBODY, PRESENT})
# Not within an address, such as an e-mail address; user names have at most 50 characters.
NAME = re.compile(r"(?<![\w@./+-])@([a-z0-9][a-z0-9._-]{0,49})(?![\w@])", re.ASCII | re.IGNORECASE)


def may_mention(source: str) -> frozenset[str]:
    """Collect all possible names in text as it was typed, code and links included."""
    return frozenset(name for match in NAME.finditer(source) for name in readings(match[1]))


def split(text: str, known: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Split text into pairs of (text before the @, name as it was typed); the last name is ''."""
    end = 0
    for match in NAME.finditer(text):
        for name in readings(match[1]):
            if name in known:
                yield text[end : match.start()], text[match.start() + 1 : match.start() + 1 + len(name)]
                end = match.start() + 1 + len(name)
                break
    yield text[end:], ""


def readings(word: str) -> list[str]:
    """List the names that a word may stand for: without the dots that end a sentence, and without other marks."""
    name = word.lower().rstrip(".")
    return list(dict.fromkeys([name, name.rstrip("._-")]))


def address_of(name: str) -> str | None:
    """Return the address of the mentioned person; None for a group."""
    return None if name in GROUPS else reverse("person", args=[name])
