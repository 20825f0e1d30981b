"""The vocabulary: every word that a message holds, to guess what somebody means who wrote a part of one or mistyped.

It names no message and no person; what is guessed from it is shown only where who looks finds something with it.
PostgreSQL fills it by itself (migrations/0001_search.sql); purging takes out what no message holds any more.
"""

from collections.abc import Collection
from difflib import get_close_matches

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import TrigramSimilarity
from django.db import connection, models

ENOUGH_LIKE = 0.7  # of 1, by difflib's measure
MOST_PARTS = 200  # words of which one looked for may be a part
MOST_LIKE = 50  # among which the likeliest are found
FORGET = """
DELETE FROM search_words WHERE word = %(word)s AND NOT EXISTS (
    SELECT FROM messages WHERE tsv @@ public.search_looks_for(%(word)s, true)
)
"""


class SearchWordQuerySet(models.QuerySet):
    """The vocabulary, by what is known of a word."""

    def containing(self, part: str) -> list[str]:
        """List words with `part` in them, short ones first."""
        found = self.filter(word__contains=part).order_by(models.functions.Length("word"), "word")
        return list(found.values_list("word", flat=True)[:MOST_PARTS])

    def like(self, word: str) -> list[str]:
        """List the words that somebody who wrote `word` may have meant, the likeliest first."""
        near = self.annotate(likeness=TrigramSimilarity("word", word)).filter(word__trigram_similar=word)
        near = near.order_by("-likeness", "word").values_list("word", flat=True)[:MOST_LIKE]
        return [each for each in get_close_matches(word, list(near), n=5, cutoff=ENOUGH_LIKE) if each != word]

    def of(self, texts: Collection[str]) -> list[str]:
        """List the words of texts that are about to go, for `forget` once they have gone."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT DISTINCT word FROM unnest(%s::text[]) AS text, public.search_vocabulary_of(text) AS word",
                [list(texts)],
            )
            return [word for (word,) in cursor.fetchall()]

    def forget(self, words: Collection[str]) -> None:
        """Take those words out of the vocabulary that no message holds any more."""
        with connection.cursor() as cursor:
            for word in sorted(words):
                cursor.execute(FORGET, {"word": word})


class SearchWord(models.Model):
    """One word, in small letters and without accents."""

    word = models.TextField(primary_key=True)

    objects = SearchWordQuerySet.as_manager()

    class Meta:
        db_table = "search_words"
        indexes = [GinIndex(name="search_words_parts", fields=["word"], opclasses=["gin_trgm_ops"])]

    def __str__(self) -> str:
        return self.word
