"""What somebody looks for, read from what they typed. Pure functions: any words whatever are a search.

`"these words"` in any language's quotes are a phrase, `-word` is not to be there, `*part*` is in a word. Operators
narrow: `from:ana in:general has:link|file|code|reaction is:pinned|saved|reply mentions:me`, and in time `before:`,
`after:`, `on:` and `during:` with a day, a month or a year. What looks like an operator and is none is words.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from conversations.text.cursors import EPOCH

MOST_CHARACTERS = 1000
MOST_TERMS = 20
MOST_PARTS = 3  # of words, each of which is looked for in the whole vocabulary
HAS = ("link", "file", "code", "reaction")
IS = ("pinned", "saved", "reply")
NAMED = ("from", "in", "mentions")
SPANS = ("before", "after", "on", "during")
ONE_DAY = timedelta(days=1)
LAST = date(2999, 12, 31)
QUOTES = {'"': '"', "“": "”", "”": "”", "„": "“”", "«": "»", "»": "«", "‹": "›", "「": "」", "『": "』", "＂": "＂"}
MARKS = "".join(QUOTES) + "".join(set("".join(QUOTES.values())))
QUOTED = "|".join(f"{left}[^{left}{rights}]*[{rights}]" for left, rights in QUOTES.items())
PIECE = re.compile(
    rf"(?P<minus>[-−](?=\S))?(?:(?P<name>[a-z]+):(?=\S))?(?P<value>{QUOTED}|[^\s{MARKS}]+)", re.IGNORECASE
)
A_PART = re.compile(r"\*(\w{2,40})\*?")
A_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?")
SENTENCE = ".,;:!?…()[]{}<>"  # around a word they belong to the sentence; in it, or as in C++ and #12, to the word
PICTURES = "\u2190-\u2bff\U0001f000-\U0001faff"  # emoji and others, each of which is a word
SIGNS = re.compile(rf"[^\w\s'’{PICTURES}\ufe0f\u200d-]|_")
IN_WORDS = re.compile(rf"[^\W_]|[{PICTURES}]")
SAYS_NOTHING = re.compile(r"[\s'’−-]*")
NOT_WORDS = {"AND", "&&"}  # as others' searches want it; here all words are to be there anyway


@dataclass(frozen=True)
class Term:
    """A word, a phrase of exactly these words, or, written as *part*, what may stand anywhere in a word."""

    text: str
    is_phrase: bool = False
    is_excluded: bool = False
    is_part: bool = False

    @property
    def signs(self) -> list[str]:
        """The parts of it that hold more than words, which the index does not know: they are looked at in the text."""
        return [part for part in self.text.split() if SIGNS.search(part)]

    @property
    def has_words(self) -> bool:
        return bool(IN_WORDS.search(self.text))

    @property
    def is_exact(self) -> bool:
        """Tell whether other forms, and what begins with it, are not meant: for phrases, C++ and single letters."""
        return self.is_phrase or len(self.text) == 1 or not self.text[-1].isalnum()

    @property
    def can_be_guessed(self) -> bool:
        """Tell whether it may be a part of a word, or a mistyped one."""
        return self.text.isalnum() and len(self.text) > 2 and not (self.is_phrase or self.is_part)

    def __str__(self) -> str:
        text = quoted(self.text) if self.is_phrase else f"*{self.text}*" if self.is_part else self.text
        return f"{'-' * self.is_excluded}{text}"


@dataclass(frozen=True)
class Narrowing:
    """An operator: its name, and what it is narrowed to."""

    name: str
    value: str
    is_excluded: bool = False

    def __str__(self) -> str:
        value = quoted(self.value) if re.search(rf"[\s{MARKS}]", self.value) else self.value
        return f"{'-' * self.is_excluded}{self.name}:{value}"


@dataclass(frozen=True)
class SearchQuery:
    """What is looked for: all the terms, within all the narrowings. `is_cut` where more was typed than is read."""

    terms: list[Term] = field(default_factory=list)
    narrowings: list[Narrowing] = field(default_factory=list)
    is_cut: bool = False

    def __str__(self) -> str:
        return " ".join(map(str, [*self.terms, *self.narrowings]))

    def __bool__(self) -> bool:
        return bool(self.terms or self.narrowings)

    @property
    def wanted(self) -> list[Term]:
        return [term for term in self.terms if not term.is_excluded]

    def with_instead(self, others: dict[Term, Term]) -> "SearchQuery":
        """Give the same search with other terms in the place of some."""
        return replace(self, terms=[others.get(term, term) for term in self.terms])

    def values(self, name: str) -> list[str]:
        """List what an operator is narrowed to, wherever it was not excluded."""
        return [each.value for each in self.narrowings if each.name == name and not each.is_excluded]


def read(typed: str) -> SearchQuery:
    """Read a search from what somebody typed, which is never an error."""
    typed = typed.replace("\0", " ").strip()
    terms, narrowings = [], []
    for piece in PIECE.finditer(typed[:MOST_CHARACTERS]):
        found = read_piece(piece)
        if isinstance(found, Narrowing):
            narrowings.append(found)
        elif found and found not in terms:
            is_too_much = found.is_part and sum(term.is_part for term in terms) >= MOST_PARTS
            terms.append(replace(found, is_part=False) if is_too_much else found)
    wanted = [term for term in terms if str(term) not in NOT_WORDS] or terms
    is_cut = len(typed) > MOST_CHARACTERS or len(wanted) > MOST_TERMS or len(narrowings) > MOST_TERMS
    return SearchQuery(wanted[:MOST_TERMS], narrowings[:MOST_TERMS], is_cut)


def read_piece(piece: re.Match) -> Term | Narrowing | None:
    value, is_excluded = piece["value"], piece["minus"] is not None
    is_phrase = value[0] in QUOTES and len(value) > 1 and value[-1] in QUOTES[value[0]]
    text = " ".join(re.sub(f"[{MARKS}]", " ", value).split())
    name = (piece["name"] or "").lower()
    if text and is_operator(name, text):
        return Narrowing(name, text.lower() if name in ("has", "is") else text, is_excluded)
    if piece["name"]:
        text = f"{piece['name']}{' ' if is_phrase else ':'}{text}".rstrip()
    text = text if is_phrase else without_sentence(text)
    if part := A_PART.fullmatch(text):
        return Term(part[1].lower(), is_excluded=is_excluded, is_part=True)
    return None if SAYS_NOTHING.fullmatch(text) else Term(text, is_phrase, is_excluded)


def is_operator(name: str, value: str) -> bool:
    match name:
        case "has":
            return value.lower() in HAS
        case "is":
            return value.lower() in IS
        case "before" | "after" | "on" | "during":
            return days_of(value, EPOCH.date()) is not None
    return name in NAMED


def without_sentence(word: str) -> str:
    """Take the marks of a sentence off a word: `(really?)` is looked for as `really`; but .NET, and :-) as it is."""
    bare = word.rstrip(SENTENCE).lstrip(SENTENCE.replace(".", "") + "-−")
    return bare if re.search(r"\w", bare) else word


def days_of(value: str, today: date) -> tuple[date, date] | None:
    """Read a day, month or year, as 2024-05-03, 2024-05, 2024 or today: its first and last day; None for no date."""
    if value.lower() in ("today", "yesterday"):
        day = today - ONE_DAY * (value.lower() == "yesterday")
        return day, day
    match = A_DATE.fullmatch(value)
    if not match:
        return None
    year, month, day = (int(part) if part else None for part in match.groups())
    try:
        first = date(year, month or 1, day or 1)
    except ValueError:
        return None
    if not EPOCH.date() <= first <= LAST:
        return None
    if day:
        return first, first
    after = date(year + (month in (12, None)), month % 12 + 1 if month else 1, 1)
    return first, after - ONE_DAY


def span_of(query: SearchQuery, today: date) -> Iterator[tuple[date | None, date | None, bool]]:
    """List what the operators of time narrow to: (first day, last day, whether they are excluded); None is no limit."""
    for each in query.narrowings:
        if each.name in SPANS:
            first, last = days_of(each.value, today)
            match each.name:
                case "before":
                    yield None, first - ONE_DAY, each.is_excluded
                case "after":
                    yield last + ONE_DAY, None, each.is_excluded
                case _:
                    yield first, last, each.is_excluded


def quoted(text: str) -> str:
    """Put text into quotes; those that it holds itself are not read as words."""
    return '"{}"'.format(" ".join(re.sub(f"[{MARKS}]", " ", text).split()))
