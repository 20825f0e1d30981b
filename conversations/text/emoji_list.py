"""The emoji to choose from, grouped and ordered as in Unicode, with the names by which people find them."""

from functools import cache
from pathlib import Path
from typing import NamedTuple

from emoji import EMOJI_DATA, LANGUAGES, config

from conversations.text.shortcodes import more_names, toned

# Each line is a group of Unicode's emoji-test.txt, up to Emoji 16, which current systems can draw.
ORDER = Path(__file__).with_name("emoji_order.txt")
MEDIUM_SKIN_TONE = "4"


class Emoji(NamedTuple):
    """An emoji: its shortcodes with underscores, its name in another language, and whether it comes in skin tones."""

    emoji: str
    names: str
    local_name: str
    has_tones: bool


@cache
def emoji_groups(language: str) -> list[list[Emoji]]:
    """List the emoji in their groups; their other name is in `language`, empty for English."""
    if language in LANGUAGES:
        config.load_language(language)
    others = other_names()
    lines = ORDER.read_text(encoding="utf-8").splitlines()
    return [[described(each, language, others.get(each, [])) for each in line.split()] for line in lines]


def described(emoji: str, language: str, others: list[str]) -> Emoji:
    known = EMOJI_DATA[emoji]
    names = dict.fromkeys(name.strip(":") for name in [known["en"], *known.get("alias", [])])
    local = "" if language == "en" else known.get(language, "").strip(":")
    local = "" if local in names else local.replace("_", " ")
    in_tone = toned(emoji, MEDIUM_SKIN_TONE, MEDIUM_SKIN_TONE)
    has_tones = in_tone != emoji and in_tone in EMOJI_DATA
    return Emoji(emoji, " ".join(names | dict.fromkeys(others)), local, has_tones)


def other_names() -> dict[str, list[str]]:
    """Map emoji to the names that Slack and GitHub use and the library does not know."""
    found: dict[str, list[str]] = {}
    for name, emoji in more_names().items():
        found.setdefault(emoji, []).append(name)
    return found
