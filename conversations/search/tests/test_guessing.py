"""The guess at a misspelled word: a frequent word before a rare one, and never a word that the reader can't see."""

import re
from datetime import UTC

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import limits
from conversations.search.engine import Search
from conversations.search.plan import Reader
from conversations.search.query import SearchQuery, Term, read
from conversations.tests.factories import say


def guessed(page):
    return page.split("Showing results for")[1].split("</em>")[0].split(">")[-1] if "Showing" in page else ""


def test_a_frequent_word_is_guessed_before_a_rare_one(world, look):
    say(world.plans, world.ben, *["the translation of a page"] * 20, "a translaton", "the translators")
    assert guessed(look(world.ana, "translatoin")) == "translation"
    assert guessed(look(world.ana, "Translatoin")) == "translation"
    assert guessed(look(world.ana, "tränslatoin")) == "translation"


def test_a_similar_word_is_guessed_before_a_frequent_one_that_is_hardly_similar(world, look):
    say(world.plans, world.ben, *["we receive it"] * 5, *["they perceive it"] * 6)
    assert guessed(look(world.ana, "recieve")) == "receive"


def test_words_of_others_neither_replace_nor_hide_the_words_that_a_reader_sees(world, look):
    say(world.town, world.ana, "we receive it")
    for number in range(60):
        say(world.plans, world.ana, *[f"recieve{number} recievee{number}"] * 2)
    assert guessed(look(world.olga, "recieve")) == "receive"
    assert guessed(look(world.olga, "recieve50")) == ""


def statements(reader, words):
    with limits.unlimited(), CaptureQueriesContext(connection) as queries:
        Search(reader, read(words), Reader(reader, UTC)).newest()
    return [re.sub("'[^']*'", "''", each["sql"])[:60] for each in queries]


@pytest.mark.parametrize("secret", ["the harpsichord", "harpsichord harpsichords harpsichore"])
def test_a_misspelling_takes_the_same_statements_whether_or_not_others_wrote_the_word(world, secret):
    say(world.town, world.ana, "in the open")
    nothing = statements(world.olga, "harpsichrod")
    say(world.plans, world.ana, *[secret] * 3)
    assert statements(world.olga, "harpsichrod") == nothing
    assert statements(world.ana, "harpsichrod") != nothing, "who sees it finds it"


def test_words_are_counted_in_what_the_reader_sees(world):
    say(world.plans, world.ana, *["harpsichorn"] * 5)
    say(world.town, world.ana, "harpsichord")
    search = Search(world.olga, SearchQuery([]), Reader(world.olga, UTC))
    assert search.meant_by(Term("harpsichrod")) == ["harpsichord"]
