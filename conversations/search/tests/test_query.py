"""Parsing of search queries: any text is a valid query."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.search.query import MAX_CHARACTERS, MAX_TERMS, Narrowing, Term, read, span_of

TODAY = date(2026, 11, 25)


@pytest.mark.parametrize("quotes", ['""', "“”", "„“", "«»", "»«", "‹›", "「」", "『』"])
def test_quotation_marks_of_any_language_make_a_phrase(quotes):
    left, right = quotes
    assert read(f"{left}to be or not{right} now").terms == [Term("to be or not", is_phrase=True), Term("now")]


@pytest.mark.parametrize(
    ("typed", "narrowing"),
    [
        ("from:ana", Narrowing("from", "ana")),
        ("FROM:@ana", Narrowing("from", "@ana")),
        ('in:"Town hall"', Narrowing("in", "Town hall")),
        ("in:„Town hall“", Narrowing("in", "Town hall")),
        ("has:LINK", Narrowing("has", "link")),
        ("is:pinned", Narrowing("is", "pinned")),
        ("mentions:me", Narrowing("mentions", "me")),
        ("-from:ana", Narrowing("from", "ana", is_excluded=True)),
        ("before:2024-05-03", Narrowing("before", "2024-05-03")),
    ],
)
def test_operators_are_parsed(typed, narrowing):
    assert read(typed).narrowings == [narrowing]
    assert read(str(read(typed))) == read(typed), "formatting and parsing it again gives the same query"


@pytest.mark.parametrize(
    ("typed", "terms"),
    [
        ("has:nonsense", ["has:nonsense"]),
        ("before:yesteryear", ["before:yesteryear"]),
        ("after:2024-02-30", ["after:2024-02-30"]),
        ("from:", ["from"]),
        ("std::vector 10:30", ["std::vector", "10:30"]),
        ('"unbalanced words', ["unbalanced", "words"]),
        ("ticket AND refund", ["ticket", "refund"]),
        ("AND", ["AND"]),
        ("(really?) C++ #1234 .NET foo_bar", ["really", "C++", "#1234", ".NET", "foo_bar"]),
        ("%", ["%"]),
        ("- -- '", []),
        ("\0", []),
        ("", []),
    ],
)
def test_unknown_operators_are_words(typed, terms):
    found = read(typed)
    assert [term.text for term in found.terms] == terms
    assert not found.narrowings


def test_excluded_words_and_parts_of_words_are_parsed():
    assert read("-loud *ersio*").terms == [Term("loud", is_excluded=True), Term("ersio", is_part=True)]


@pytest.mark.parametrize(
    ("typed", "span"),
    [
        ("before:2024-05-03", (None, date(2024, 5, 2))),
        ("before:2024-05", (None, date(2024, 4, 30))),
        ("after:2024-05-03", (date(2024, 5, 4), None)),
        ("after:2023", (date(2024, 1, 1), None)),
        ("on:2024-2-29", (date(2024, 2, 29), date(2024, 2, 29))),
        ("during:2024-02", (date(2024, 2, 1), date(2024, 2, 29))),
        ("during:2024-12", (date(2024, 12, 1), date(2024, 12, 31))),
        ("on:yesterday", (date(2026, 11, 24), date(2026, 11, 24))),
    ],
)
def test_days_months_and_years_are_spans(typed, span):
    assert list(span_of(read(typed), TODAY)) == [(*span, False)]


def test_long_queries_are_cut_and_flagged():
    many = read(" ".join(f"w{number}" for number in range(MAX_TERMS + 1)))
    assert (len(many.terms), many.is_cut) == (MAX_TERMS, True)
    assert read("x " * MAX_CHARACTERS).is_cut
    assert not read("x").is_cut


@given(st.text("\"“”„«»-−*:.#@ abfromins日\0'_", max_size=60) | st.text(max_size=300))
def test_any_text_is_a_query_that_survives_formatting(typed):
    found = read(typed)
    list(span_of(found, TODAY))
    again = read(str(found))
    assert (set(again.terms), set(again.narrowings)) == (set(found.terms), set(found.narrowings))
