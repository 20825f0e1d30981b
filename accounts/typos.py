"""Names as people mistype them: patterns that allow one typo in a word. Pure functions.

A typo is a letter too few, too many, wrong, or swapped with the next. Whatever separates letters is optional, so that
`datq2` is Data Q2.
"""

import re

MIN_LETTERS = 4  # in shorter words a typo makes almost every name match
MAX_LETTERS = 12  # which tell names apart; the rest of the word need not match
SEPARATOR = "[^[:alnum:]]?"  # written as PostgreSQL does: it survives lower case, in which names are compared
PYTHON_SEPARATOR = r"[\W_]?"
# Before words: few enough characters that an index of trigrams knows where a word begins, as it does not for \m.
BOUNDARY = r"(?:^|[ -/:-@[-`{-~\u00a0-\u00bf])"


def may_have_typo(word: str) -> bool:
    return word.isalnum() and len(word) >= MIN_LETTERS


def parts_of(word: str) -> list[str]:
    """List patterns of which a name with this word has at least one: a half without the typo, or a swap between both.

    All have three letters in a row, or two that begin a word, so that an index of trigrams finds them.
    """
    word = word[:MAX_LETTERS]
    middle = len(word) // 2
    left, right = word[:middle], word[middle:]
    parts = [f"{BOUNDARY}{left}", f"{left[:-1]}{right[0]}{left[-1]}{right[1:]}"]
    if len(right) > 2:
        return [*parts, right]
    first, second = left[0], left[1]
    return [*parts, f"{second}{right}", f"{BOUNDARY}{second}{first}", f"{BOUNDARY}{first}.?{right}"]


def typo_pattern(word: str, separator: str = SEPARATOR) -> str:
    """Write a regular expression for the beginning of a word with at most one typo, without its left boundary."""
    return pattern_of_rest(word[:MAX_LETTERS], separator)


def pattern_of_rest(letters: str, separator: str) -> str:
    if not letters:
        return ""
    first, rest = letters[0], letters[1:]
    ways = [f"{first}{separator}{pattern_of_rest(rest, separator)}"]
    ways.append(f".{separator}(?:{separator.join(letters)}|{separator.join(rest)})")  # one too few, or a wrong one
    if rest:
        ways += [separator.join(rest), separator.join(rest[0] + first + rest[1:])]  # one too many, or two swapped
    return f"(?:{'|'.join(ways)})"


def beginning_of_word(part: str) -> str:
    """Write a regular expression for a word that begins with `part`, for PostgreSQL."""
    return f"(?:^|[^[:alnum:]]){re.escape(part)}"


def probable_beginning(part: str) -> str:
    """Write a regular expression for what `beginning_of_word` finds after usual characters, which an index finds."""
    return f"{BOUNDARY}{re.escape(part)}"
