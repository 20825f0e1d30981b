"""Matching names by what somebody types: parts of words, even with a typo, and how close a name is to them.

`names` is the lookup to a text. All comparisons are in lower case and without accents.
"""

from collections.abc import Sequence

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Case, IntegerField, Q, Value, When

from accounts.models import folding  # noqa: F401 – registers the lookup `folded`
from accounts.typos import beginning_of_word, may_have_typo, parts_of, probable_beginning, typo_pattern

EXACT, BEGINNING, INSIDE, TYPO = range(4)  # closeness, the closest first


def contains(names: str, words: Sequence[str]) -> Q:
    """Require each of these words as a part of the names."""
    return Q(*(Q((f"{names}__folded__contains", word)) for word in words))


def begins(names: str, words: Sequence[str]) -> Q:
    """Require words of the names that begin with each of these words, also of one letter, by an index."""
    return Q(*(Q((f"{names}__folded__regex", probable_beginning(word))) for word in words))


def nearly(names: str, words: Sequence[str]) -> Q:
    """Require each of these words as a part of the names, or with a typo as the beginning of a word of them."""
    return Q(*(with_typo(names, word) if may_have_typo(word) else contains(names, [word]) for word in words))


def with_typo(names: str, word: str) -> Q:
    """Require a word, perhaps with a typo: an index finds names with a part of it, but not by the whole pattern."""
    exact_or_typo = rf"{word}|\m{typo_pattern(word)}"
    return Q((f"{names}__folded__regex", "|".join(parts_of(word)))) & Q((f"{names}__folded__regex", exact_or_typo))


def closeness(names: str, words: Sequence[str]) -> Case:
    """Return how close names with these words are: EXACT, BEGINNING (of a word), INSIDE (of one), or with a TYPO."""
    begin = Q(*(Q((f"{names}__folded__regex", beginning_of_word(word))) for word in words))
    return Case(
        When(Q((f"{names}__folded", " ".join(words))), then=Value(EXACT)),
        When(begin, then=Value(BEGINNING)),
        When(contains(names, words), then=Value(INSIDE)),
        default=Value(TYPO),
        output_field=IntegerField(),
    )


def similarity(names: str, words: Sequence[str]) -> TrigramWordSimilarity:
    """Return how similar the words and a part of the names are, from 0 to 1, to order names with a typo."""
    return TrigramWordSimilarity(" ".join(words), names)
