"""Emoji by their names between colons, as people type them, and as other systems write them."""

import re
from functools import lru_cache

from emoji import emojize

# Names side by side, apart from other words: neither the 10:30:15 of a clock nor the std::thread:: of a language.
RUN = re.compile(r"(?<![\w:])(?::[\w+-]+:)++(?![\w:])", re.ASCII)
NAME = re.compile(r":([\w+-]+):(?::skin-tone-([2-6]):)?")
FLAG = re.compile(r"flag-([a-z])([a-z])")
REGIONAL_A, SECOND_SKIN_TONE = 0x1F1E6, 0x1F3FB
AS_PICTURE = "\ufe0f"


def with_emoji(text: str) -> str:
    """Put emoji in the place of their names; what names none stays as it is."""
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
    """Find the emoji with this name, of Unicode, GitHub or Slack; '' for none."""
    if flag := FLAG.fullmatch(name):
        return "".join(chr(REGIONAL_A + ord(letter) - ord("a")) for letter in flag.groups())
    for each in dict.fromkeys([name, name.replace("-", "_")]):
        found = emojize(f":{each}:", language="alias")
        if not found.startswith(":"):
            return found
    return ""
