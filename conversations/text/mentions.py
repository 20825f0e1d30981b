"""Mentions in words: names after an @, and who is told by them. Pure functions."""

import re
from collections.abc import Iterator

from django.urls import reverse

EVERYBODY, PRESENT = "all", "here"
GROUPS = frozenset({EVERYBODY, PRESENT})
# Not within an address, as of mail; user names are at most fifty characters long.
NAME = re.compile(r"(?<![\w@./+-])@([a-z0-9][a-z0-9._-]{0,49})(?![\w@])", re.ASCII | re.IGNORECASE)
# Nobody else can write this: who types HTML sees it as words.
SHOWN = re.compile(r'<(?:a|span)\b[^<>]*\bclass="mention"[^<>]*>@([^<]+)<')


def may_mention(source: str) -> frozenset[str]:
    """Collect all that may be names in words as they were typed, code and links included."""
    return frozenset(name for match in NAME.finditer(source) for name in readings(match[1]))


def shown_in(html: str) -> frozenset[str]:
    """Collect the names that a rendered message shows as mentions, which are those that it tells."""
    return frozenset(name.lower() for name in SHOWN.findall(html))


def split(text: str, known: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Cut text into (words before, name after the @ as it was typed); the last name is ''."""
    end = 0
    for match in NAME.finditer(text):
        for name in readings(match[1]):
            if name in known:
                yield text[end : match.start()], text[match.start() + 1 : match.start() + 1 + len(name)]
                end = match.start() + 1 + len(name)
                break
    yield text[end:], ""


def readings(word: str) -> list[str]:
    """List what name a word may be: as it is without the dots that end a sentence, and without other marks."""
    name = word.lower().rstrip(".")
    return list(dict.fromkeys([name, name.rstrip("._-")]))


def address_of(name: str) -> str | None:
    """Tell where a mention leads: to a person, or for a group of people nowhere."""
    return None if name in GROUPS else reverse("person", args=[name])
