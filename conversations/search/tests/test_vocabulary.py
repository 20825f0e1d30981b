"""The vocabulary forgets the words that no message has any more, and no others."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conversations.models import SearchWord
from conversations.models.purging import purge_message
from conversations.models.search import vocabulary
from conversations.models.search.language import change_language
from conversations.models.search.vocabulary import SearchWordQuerySet
from conversations.tests.factories import say


def words():
    return set(SearchWord.objects.values_list("word", flat=True))


@pytest.mark.parametrize("size", [1, 2, 500])
def test_words_are_forgotten_in_batches_of_any_size(world, monkeypatch, size):
    monkeypatch.setattr(vocabulary, "BATCH_WORDS", size)
    message = say(world.plans, world.ana, "a purple harpsichord plays")
    say(world.town, world.ben, "another harpsichord, ñandú and Straße")
    kept = words() - {"purple", "plays", "a"}
    message.delete_by(world.ana)
    assert SearchWord.objects.forget_unused() == 0, "it can be restored"
    message.delete()
    forgotten = SearchWord.objects.forget_unused()
    assert not {"purple", "plays"} & words()
    assert {"harpsichord", "another"} <= words()
    assert kept <= words() | {"a"}
    assert forgotten >= 2
    assert SearchWord.objects.forget_unused() == 0


def test_one_statement_forgets_a_batch(world):
    SearchWord.objects.bulk_create([SearchWord(word=f"word{number:04}") for number in range(1200)])
    with CaptureQueriesContext(connection) as queries:
        assert SearchWord.objects.forget_unused() == 1200
    assert len([each for each in queries if "DELETE FROM search_words" in each["sql"]]) <= 5


def test_a_word_that_is_posted_meanwhile_is_added_again(world, monkeypatch):
    SearchWord.objects.create(word="harpsichord")
    restore = vocabulary.RESTORE
    say(world.plans, world.ana, "the harpsichord")
    careless = vocabulary.FORGET.replace("NOT EXISTS", "batch.word = 'harpsichord' OR NOT EXISTS")
    monkeypatch.setattr(vocabulary, "FORGET", careless)
    monkeypatch.setattr(vocabulary, "RESTORE", "SELECT %s")
    SearchWord.objects.forget_unused()
    assert "harpsichord" not in words(), "as if the message had come a moment later"
    SearchWord.objects.create(word="harpsichord")
    monkeypatch.setattr(vocabulary, "RESTORE", restore)
    SearchWord.objects.forget_unused()
    assert "harpsichord" in words()


def test_words_are_forgotten_outside_the_lock_of_the_conversation(world, monkeypatch):
    message = say(world.plans, world.ana, "a purple harpsichord")
    message.delete_by(world.ana)
    forget, depths = SearchWordQuerySet.forget_unused, []

    def noted(words):
        depths.append(len(connection.savepoint_ids))
        return forget(words)

    monkeypatch.setattr(SearchWordQuerySet, "forget_unused", noted)
    outside = len(connection.savepoint_ids)
    purge_message(message)
    assert depths == [outside]
    assert "purple" not in words()


STRANGE = """C++ #1234 node.js https://example.org/a/b?c=d ana@example.org it's rock'n'roll well-known snake_case 3.14
v1.2.3 日本語 привет Straße ñandú naïve 😀 `code()` @ben :smile: 50% a/b/c O'Brien foo:bar & | ! <-> "quoted"
back\\slash the a of and und der running ran geese ١٢٣ ﬁne İstanbul x² ½ 192.0.2.1 2024-05-03 10:30
e.g. U.S.A. co-operate"""


@pytest.mark.parametrize("language", ["english", "german", "none"])
def test_no_word_that_a_message_has_is_forgotten(world, language):
    list(change_language(language))
    say(world.plans, world.ana, STRANGE)
    for word in STRANGE.split():
        say(world.town, world.ana, word)
    assert len(words()) > 30
    before = words()
    SearchWord.objects.forget_unused()
    assert before - words() == set()
