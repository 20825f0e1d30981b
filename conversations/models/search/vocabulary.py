"""The vocabulary: every word in a message, to guess the word that was meant by a part of it or a misspelling.

It names no message and no person; a guess is shown only to readers who find a message with it.
PostgreSQL fills it by a trigger (migrations/0001_search.sql); purging deletes words that are in no message any more.
"""

from collections.abc import Collection
from difflib import get_close_matches

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import TrigramSimilarity
from django.db import connection, models

MIN_LIKENESS = 0.7  # of 1, by difflib's measure
MAX_CONTAINING = 200  # words that contain a part
MAX_NEAR = 50  # words by trigrams, of which difflib selects the most likely
MAX_GUESSES = 5
FORGET = """
DELETE FROM search_words WHERE word = %(word)s AND NOT EXISTS (
    SELECT FROM messages WHERE tsv @@ public.search_looks_for(%(word)s, true)
)
"""


class SearchWordQuerySet(models.QuerySet["SearchWord"]):
    """Words of the vocabulary, by a part or a misspelling."""

    def containing(self, part: str) -> list[str]:
        """List the words that contain `part`, the shortest first."""
        found = self.filter(word__contains=part).order_by(models.functions.Length("word"), "word")
        return list(found.values_list("word", flat=True)[:MAX_CONTAINING])

    def like(self, word: str) -> list[str]:
        """List the words that may have been meant by `word`, the most likely first."""
        found = self.annotate(likeness=TrigramSimilarity("word", word)).filter(word__trigram_similar=word)
        near = [each.word for each in found.order_by("-likeness", "word").only("word")[:MAX_NEAR]]
        return [each for each in get_close_matches(word, near, n=MAX_GUESSES, cutoff=MIN_LIKENESS) if each != word]

    def of(self, texts: Collection[str]) -> list[str]:
        """List the words of texts that are about to be deleted, for `forget` after the deletion."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT DISTINCT word FROM unnest(%s::text[]) AS text, public.search_vocabulary_of(text) AS word",
                [list(texts)],
            )
            return [word for (word,) in cursor.fetchall()]

    def forget(self, words: Collection[str]) -> None:
        """Delete those of the words that are in no message any more."""
        with connection.cursor() as cursor:
            for word in sorted(words):
                cursor.execute(FORGET, {"word": word})


class SearchWord(models.Model):
    """One word, in lower case and without accents."""

    word = models.TextField(primary_key=True)

    objects = SearchWordQuerySet.as_manager()

    class Meta:
        db_table = "search_words"
        indexes = [GinIndex(name="search_words_parts", fields=["word"], opclasses=["gin_trgm_ops"])]

    def __str__(self) -> str:
        return self.word
