"""Words are found in whatever form they were typed: other letters, points, versions, emoji; also in earlier rows."""

from unicodedata import category, name

import pytest
from django.db import connection

from conversations.jobs import enqueue_reindex, reindex
from conversations.models import SearchIndex, SearchWord
from conversations.models.search import index
from conversations.tests.factories import say
from conversations.text.folding import fold

SAME = [
    ("Der Fußball ist groß", ["FUSSBALL", "gross", "Fußball", "GROẞ", "Fussb"]),
    ("Smørrebrød på Øresund", ["smorrebrod", "SMØRREBRØD", "oresund"]),
    ("Đà Nẵng và Łódź", ["da", "nang", "lodz", "Łódź"]),
    ("Æble, œuvre, Þór, ısı", ["aeble", "oeuvre", "thor", "isi", "Œuvre"]),
    ("שָׁלוֹם עולם", ["שלום", "עולם", "שָׁלוֹם"]),
    ("كِتَابٌ جميل", ["كتاب", "كِتَابٌ", "كـتاب"]),
    ("Ο Οδυσσεύς ήρθε", ["ΟΔΥΣΣΕΎΣ", "οδυσσευς"]),
    ("release v2.5.1 today", ["v2.5.1", "2.5.1", "V2.5.1", "v2", "2.5"]),
    ("python3.12 and Fig.3", ["3.12", "python3", "python3.12"]),
    ("typed :tada: here", [":tada:", "🎉", "tada"]),
    ("shown 🎉 there", [":tada:", "🎉"]),
    ("good :thumbsup::skin-tone-3:", ["👍", ":+1:", "👍🏼"]),
    ("flag :flag-de: `:tada:`", ["🇩🇪", ":flag-de:", ":tada:"]),
]
# What the migration replaced, as rows that were stored before it still have it.
AS_BEFORE = """
CREATE FUNCTION pg_temp.vector(said text) RETURNS tsvector LANGUAGE sql AS $$
    SELECT to_tsvector('pg_catalog.simple', words) || strip(to_tsvector('public.chatsite', words))
    FROM (SELECT public.search_split_folded(public.search_fold_0_1(said)) AS words) AS split
$$;
CREATE OR REPLACE FUNCTION public.search_vector(content text, file_names text, html text, is_reply boolean)
RETURNS tsvector LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 200 AS $$
DECLARE
    words text := public.search_split_folded(public.search_fold_0_1(content));
BEGIN
    RETURN to_tsvector('pg_catalog.simple', words) || strip(to_tsvector('public.chatsite', words));
END $$;
"""


def execute(sql, values=None):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall() if cursor.description else None


@pytest.fixture
def earlier(db):
    """Index messages as release 0.1 did, until `now()` is called."""
    [(now,)] = execute("SELECT pg_get_functiondef('public.search_vector'::regproc)")
    execute(AS_BEFORE)
    return lambda: execute(now)


@pytest.mark.parametrize(("said", "words"), SAME)
def test_a_word_is_found_in_other_forms_and_not_only_guessed(world, find, look, said, words):
    other, wanted = say(world.plans, world.ben, "nothing of that kind"), say(world.plans, world.ben, said)
    for each in words:
        assert find(world.ana, each) == [wanted.pk], each
        assert "No results for" not in look(world.ana, each), each
    assert find(world.ana, "nothing") == [other.pk]


@pytest.mark.parametrize(
    ("said", "words"), [("v2.5.1", "2.5.2"), ("12.5.1", "2.5.1"), ("soso", "ßo"), ("🎈", ":tada:")]
)
def test_other_words_are_not_found(world, find, said, words):
    say(world.plans, world.ben, said)
    assert find(world.ana, said)
    assert find(world.ana, words) == []


@pytest.mark.parametrize(("said", "words"), SAME)
def test_an_earlier_message_is_found_as_before_and_by_all_forms_once_it_is_indexed_again(
    world, find, earlier, said, words
):
    wanted = say(world.plans, world.ben, said)
    earlier()
    assert find(world.ana, f'"{said}"') == [wanted.pk], "as it was typed, it is found at any time"
    SearchIndex.objects.begin_again()
    reindex.func()
    assert [each for each in words if find(world.ana, each) != [wanted.pk]] == []


def test_messages_are_indexed_again_in_batches_the_newest_first(world, find, earlier):
    say(world.plans, world.ben, "Straße eins", "plain", "Straße zwei", "Straße drei")
    earlier()
    say(world.plans, world.ben, "Straße vier")
    assert len(find(world.ana, "strasse")) == 1
    SearchIndex.objects.begin_again()
    found = []
    while SearchIndex.objects.reindex(2):
        found.append(len(find(world.ana, "strasse")))
    assert found == [2, 3, 4]
    assert SearchIndex.objects.is_complete()
    assert not SearchIndex.objects.reindex()


def test_only_messages_that_change_are_written(world, earlier):
    plain, strasse = say(world.plans, world.ben, "plain words"), say(world.plans, world.ben, "Straße")
    earlier()
    before = dict(execute("SELECT id, xmin::text FROM messages"))
    SearchIndex.objects.begin_again()
    with connection.cursor() as cursor:
        cursor.execute(index.REINDEX, {"first": 0, "end": strasse.pk + 1})
        assert cursor.rowcount == 1
    assert execute("SELECT xmin::text FROM messages WHERE id = %s", [plain.pk]) == [(before[plain.pk],)]


def test_the_vocabulary_follows_and_forgets_earlier_forms(world, earlier):
    say(world.plans, world.ben, "the Fußball")
    SearchWord.objects.filter(word="fussball").delete()
    SearchWord.objects.create(word="fußball")
    earlier()
    SearchWord.objects.forget_unused()
    assert SearchWord.objects.filter(word="fußball").exists(), "the row still has it"
    SearchIndex.objects.begin_again()
    reindex.func()
    SearchWord.objects.forget_unused()
    assert set(SearchWord.objects.filter(word__contains="ball").values_list("word", flat=True)) == {"fussball"}


def test_a_job_goes_on_until_all_messages_are_indexed(world, monkeypatch):
    asked = []
    monkeypatch.setattr(type(reindex), "enqueue", lambda task: asked.append(task.name))
    say(world.plans, world.ben, "words")
    SearchIndex.objects.begin_again()
    enqueue_reindex.func()
    reindex.func()
    enqueue_reindex.func()
    assert asked == ["reindex"]
    assert SearchIndex.objects.is_complete()


def test_postgresql_folds_as_python_does(db):
    scripts = ("LATIN", "GREEK", "CYRILLIC", "HEBREW", "ARABIC", "COMBINING", "DEVANAGARI", "HIRAGANA", "HANGUL")
    letters = [chr(code) for code in range(0x20, 0x3200) if name(chr(code), "").startswith(scripts)]
    letters = [letter for letter in letters if category(letter)[0] in "LMN"]
    assert len(letters) > 2500
    folded = execute("SELECT letter, public.fold(letter) FROM unnest(%s::text[]) AS letter", [letters])
    assert [(letter, there, fold(letter)) for letter, there in folded if there != fold(letter)] == []
