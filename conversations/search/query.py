"""Search queries, parsed from typed text. Pure functions: any text is a valid query.

`"these words"` in any language's quotation marks are a phrase, `-word` excludes a word, `*part*` is a part of a word.
Operators: `from:ana in:general has:link|file|code|reaction is:pinned|saved|reply mentions:me`; for time, `before:`,
`after:`, `on:` and `during:` with a day, a month or a year. Unknown operators are words.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from conversations.text.days import FIRST_DAY, LAST_DAY, ONE_DAY
from conversations.text.shortcodes import emoji_of

MAX_CHARACTERS = 1000
MAX_TERMS = 20
MAX_PARTS = 3  # of words, as each is searched in the whole vocabulary
HAS = ("link", "file", "code", "reaction")
IS = ("pinned", "saved", "reply")
NAMED = ("from", "in", "mentions")
SPANS = ("before", "after", "on", "during")
QUOTES = {'"': '"', "“": "”", "”": "”", "„": "“”", "«": "»", "»": "«", "‹": "›", "「": "」", "『": "』", "＂": "＂"}
MARKS = "".join(QUOTES) + "".join(set("".join(QUOTES.values())))
QUOTED = "|".join(f"{left}[^{left}{rights}]*[{rights}]" for left, rights in QUOTES.items())
PIECE = re.compile(
    rf"(?P<minus>[-−](?=\S))?(?:(?P<name>[a-z]+):(?=\S))?(?P<value>{QUOTED}|[^\s{MARKS}]+)", re.IGNORECASE
)
A_PART = re.compile(r"\*(\w{2,40})\*?")
A_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?")
SENTENCE = ".,;:!?…()[]{}<>"  # around a word these belong to the sentence; within a word, to the word
PICTURES = "\u2190-\u2bff\U0001f000-\U0001faff"  # emoji and other symbols, each of which is a word
SIGNS = re.compile(rf"[^\w\s'’{PICTURES}\ufe0f\u200d-]|_")
IN_WORDS = re.compile(rf"[^\W_]|[{PICTURES}]")
SAYS_NOTHING = re.compile(r"[\s'’−-]*")
NOT_WORDS = {"AND", "&&"}  # needed in other search engines; here a hit has all words anyway


@dataclass(frozen=True)
class Term:
    """A word, a phrase of exactly these words, or a part of a word, which is typed as *part*."""

    text: str
    is_phrase: bool = False
    is_excluded: bool = False
    is_part: bool = False
    one_of: tuple[str, ...] = ()  # instead of `text`, any of these words as they are in the index

    @property
    def emoji(self) -> str:
        """The emoji whose name the term is, as :tada:; '' for other terms."""
        return emoji_of(self.text) if self.text.startswith(":") else ""

    @property
    def signs(self) -> list[str]:
        """The parts with punctuation, which is not in the index: they are compared with the text."""
        return [part for part in self.text.split() if SIGNS.search(part)]

    @property
    def has_words(self) -> bool:
        return bool(IN_WORDS.search(self.text))

    @property
    def is_exact(self) -> bool:
        """Return whether no other form or longer word matches: for phrases, C++ and single letters."""
        return self.is_phrase or len(self.text) == 1 or not self.text[-1].isalnum()

    @property
    def can_be_guessed(self) -> bool:
        """Return whether to try the term as a part of a word, or as a misspelling."""
        return self.text.isalnum() and len(self.text) > 2 and not (self.is_phrase or self.is_part)

    def __str__(self) -> str:
        text = quoted(self.text) if self.is_phrase else f"*{self.text}*" if self.is_part else self.text
        return f"{'-' * self.is_excluded}{text}"


@dataclass(frozen=True)
class Narrowing:
    """An operator: its name and its value."""

    name: str
    value: str
    is_excluded: bool = False

    def __str__(self) -> str:
        value = quoted(self.value) if re.search(rf"[\s{MARKS}]", self.value) else self.value
        return f"{'-' * self.is_excluded}{self.name}:{value}"


@dataclass(frozen=True)
class SearchQuery:
    """A query: all terms and operators must match. `is_cut`: a part of the typed text was ignored."""

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

    @property
    def is_punctuation_alone(self) -> bool:
        """Return whether the query has only punctuation, which no index contains."""
        wanted = self.wanted
        return bool(wanted) and not any(term.has_words for term in wanted) and not self.narrowings

    def with_instead(self, others: dict[Term, Term]) -> "SearchQuery":
        """Return the same query with some terms replaced."""
        return replace(self, terms=[others.get(term, term) for term in self.terms])

    def values(self, name: str) -> list[str]:
        """List the values of an operator, except excluded ones."""
        return [each.value for each in self.narrowings if each.name == name and not each.is_excluded]


def read(typed: str) -> SearchQuery:
    """Parse typed text, which is never an error."""
    typed = typed.replace("\0", " ").strip()
    terms: list[Term] = []
    narrowings: list[Narrowing] = []
    for piece in PIECE.finditer(typed[:MAX_CHARACTERS]):
        found = read_piece(piece)
        if isinstance(found, Narrowing):
            narrowings.append(found)
        elif found and found not in terms:
            is_too_much = found.is_part and sum(term.is_part for term in terms) >= MAX_PARTS
            terms.append(replace(found, is_part=False) if is_too_much else found)
    wanted = [term for term in terms if str(term) not in NOT_WORDS] or terms
    is_cut = len(typed) > MAX_CHARACTERS or len(wanted) > MAX_TERMS or len(narrowings) > MAX_TERMS
    return SearchQuery(wanted[:MAX_TERMS], narrowings[:MAX_TERMS], is_cut)


def read_piece(piece: re.Match) -> Term | Narrowing | None:
    value, is_excluded = piece["value"], piece["minus"] is not None
    is_phrase = value[0] in QUOTES and len(value) > 1 and value[-1] in QUOTES[value[0]]
    text = " ".join(re.sub(f"[{MARKS}]", " ", value).split())
    name = (piece["name"] or "").lower()
    if text and is_operator(name, text):
        return Narrowing(name, text.lower() if name in ("has", "is") else text, is_excluded)
    if piece["name"]:
        text = f"{piece['name']}{' ' if is_phrase else ':'}{text}".rstrip()
    text = text if is_phrase or Term(text).emoji else without_sentence(text)
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
            return days_of(value, FIRST_DAY) is not None
    return name in NAMED


def without_sentence(word: str) -> str:
    """Strip sentence punctuation from a word: `(really?)` becomes `really`; .NET and :-) stay as they are."""
    bare = word.rstrip(SENTENCE).lstrip(SENTENCE.replace(".", "") + "-−")
    return bare if re.search(r"\w", bare) else word


def days_of(value: str, today: date) -> tuple[date, date] | None:
    """Read a day, month or year, such as 2024-05-03, 2024-05, 2024 or today; return its first and last day, or None."""
    if value.lower() in ("today", "yesterday"):
        named = today - ONE_DAY * (value.lower() == "yesterday")
        return named, named
    match = A_DATE.fullmatch(value)
    if not match:
        return None
    year, month, day = (int(part or 0) for part in match.groups())
    try:
        first = date(year, month or 1, day or 1)
    except ValueError:
        return None
    if not FIRST_DAY <= first <= LAST_DAY:
        return None
    if day:
        return first, first
    after = date(year + (month in (0, 12)), month % 12 + 1 if month else 1, 1)
    return first, after - ONE_DAY


def span_of(query: SearchQuery, today: date) -> Iterator[tuple[date | None, date | None, bool]]:
    """Yield (first day, last day, is_excluded) for each time operator; None means no limit."""
    for each in query.narrowings:
        days = days_of(each.value, today) if each.name in SPANS else None
        if days is None:
            continue
        first, last = days
        match each.name:
            case "before":
                yield None, first - ONE_DAY, each.is_excluded
            case "after":
                yield last + ONE_DAY, None, each.is_excluded
            case _:
                yield first, last, each.is_excluded


def quoted(text: str) -> str:
    """Put text in quotation marks, without those that it contains."""
    return '"{}"'.format(" ".join(re.sub(f"[{MARKS}]", " ", text).split()))
