"""Emoji by their names between colons, as people type them and as other systems export them."""

import re
from functools import cache, lru_cache
from pathlib import Path

from emoji import emoji_count, emojize, is_emoji, purely_emoji

# Names of Slack and GitHub that the library does not know; in each line the emoji and its names, with underscores.
MORE_NAMES = Path(__file__).with_name("emoji_names.txt")
# One or more names in a row, apart from other words: neither a time such as 10:30:15 nor code such as std::thread::.
RUN = re.compile(r"(?<![\w:])(?::[\w+-]+:)++(?![\w:])", re.ASCII)
NAME = re.compile(r":([\w+-]+):(?::skin-tone-([2-6])(?:-([2-6]))?:)?")
FLAG = re.compile(r"flag-([a-z])([a-z])")
REGIONAL_A, SECOND_SKIN_TONE = 0x1F1E6, 0x1F3FB
MAX_LARGE = 10  # emoji of a message without words, which are shown larger
MAX_LARGE_CHARACTERS = 200
AS_PICTURE = "\ufe0f"
JOINER = "\u200d"
# Two people in one character, who become several characters where their skin tones differ.
PAIRS = {"👫": "👩\u200d🤝\u200d👨", "👬": "👨\u200d🤝\u200d👨", "👭": "👩\u200d🤝\u200d👩", "🤝": "🫱\u200d🫲"}
PAIRS |= {"💏": "🧑\u200d❤️\u200d💋\u200d🧑", "💑": "🧑\u200d❤️\u200d🧑"}


def with_emoji(text: str) -> str:
    """Replace the names of emoji by the emoji; unknown names stay unchanged."""
    if text.count(":") < 2:
        return text
    return RUN.sub(lambda run: NAME.sub(replaced, run[0]), text)


def emoji_of(word: str) -> str:
    """Read a word that is one emoji, or its name between colons, with its skin tone; '' for anything else."""
    found = with_emoji(word)
    in_colour = found.removesuffix(AS_PICTURE) + AS_PICTURE  # the same emoji, where it is also a text symbol
    return next((same for same in (in_colour, found) if is_emoji(same)), "")


def is_only_emoji(text: str) -> bool:
    """Tell whether a text is a few emoji without words."""
    bare = "".join(text.split()) if len(text) <= MAX_LARGE_CHARACTERS else ""
    return bool(bare) and purely_emoji(bare) and emoji_count(bare) <= MAX_LARGE


def replaced(match: re.Match) -> str:
    found = emoji_called(match[1])
    if not found or not match[2]:
        return found or match[0]
    return toned(found, match[2], match[3] or match[2])


def toned(found: str, first: str, second: str) -> str:
    """Give an emoji a skin tone, and two people one each; an emoji without people stays as it is."""
    tones = [chr(SECOND_SKIN_TONE + int(number) - 2) for number in (first, second)]
    parts = (found if first == second else PAIRS.get(found, found)).split(JOINER)
    people = [index for index, part in enumerate(parts) if is_emoji(part[0] + tones[0])]
    for index, tone in zip((people[:1] + people[-1:])[: len(people)], tones, strict=False):
        parts[index] = parts[index][0] + tone + parts[index][1:].removeprefix(AS_PICTURE)
    return JOINER.join(parts)


@lru_cache(4096)
def emoji_called(name: str) -> str:
    """Find an emoji by its name in Unicode, GitHub or Slack; '' if there is none."""
    same = name.replace("-", "_")
    if found := more_names().get(same):
        return found
    if flag := FLAG.fullmatch(name):
        return "".join(chr(REGIONAL_A + ord(letter) - ord("a")) for letter in flag.groups())
    for each in dict.fromkeys([name, same]):
        found = emojize(f":{each}:", language="alias")
        if not found.startswith(":"):
            return found
    return ""


@cache
def more_names() -> dict[str, str]:
    lines = MORE_NAMES.read_text(encoding="utf-8").splitlines()
    return {name: emoji for emoji, *names in map(str.split, lines) for name in names}
