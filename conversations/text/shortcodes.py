"""Emoji by their names between colons, as people type them and as other systems export them."""

import re
from functools import lru_cache

from emoji import emojize

# One or more names in a row, apart from other words: neither a time such as 10:30:15 nor code such as std::thread::.
RUN = re.compile(r"(?<![\w:])(?::[\w+-]+:)++(?![\w:])", re.ASCII)
NAME = re.compile(r":([\w+-]+):(?::skin-tone-([2-6]):)?")
FLAG = re.compile(r"flag-([a-z])([a-z])")
REGIONAL_A, SECOND_SKIN_TONE = 0x1F1E6, 0x1F3FB
AS_PICTURE = "\ufe0f"


def with_emoji(text: str) -> str:
    """Replace the names of emoji by the emoji; unknown names stay unchanged."""
    if text.count(":") < 2:
        return text
    return RUN.sub(lambda run: NAME.sub(replaced, run[0]), text)


def replaced(match: re.Match) -> str:
    found = emoji_called(match[1])
    if not found or not match[2]:
        return found or match[0]
    return found[0] + chr(SECOND_SKIN_TONE + int(match[2]) - 2) + found[1:].removeprefix(AS_PICTURE)


@lru_cache(4096)
def emoji_called(name: str) -> str:
    """Find an emoji by its name in Unicode, GitHub or Slack; '' if there is none."""
    if flag := FLAG.fullmatch(name):
        return "".join(chr(REGIONAL_A + ord(letter) - ord("a")) for letter in flag.groups())
    for each in dict.fromkeys([name, name.replace("-", "_")]):
        found = emojize(f":{each}:", language="alias")
        if not found.startswith(":"):
            return found
    return ""
