"""The vocabulary: every word in a message, to guess the word that was meant by a part of it or a misspelling.

It names no message and no person; a word is guessed only for readers who see a message with it.
PostgreSQL fills it by a trigger (migrations/0001_search.sql); after a purge, `forget_unused` deletes from it.
"""

from collections import Counter
from collections.abc import Collection
from difflib import get_close_matches

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import TrigramSimilarity
from django.db import connection, models
from django.db.models import Q

from conversations.text.folding import fold

MIN_SIMILARITY = 0.7  # of 1, by difflib's measure
MAX_CONTAINING = 200  # words that contain a part
MAX_NEAR = 200  # words by trigrams, of which difflib selects the likely ones
BATCH_WORDS = 500
# Passes through the vocabulary in its order, one batch a statement. The index of messages shows whether a word is used.
FORGET = """
WITH batch AS MATERIALIZED (
    SELECT word FROM search_words WHERE word > %(after)s ORDER BY word LIMIT %(size)s
), gone AS (
    DELETE FROM search_words USING batch
    WHERE search_words.word = batch.word AND NOT EXISTS (
        SELECT FROM messages WHERE tsv @@ public.search_lexeme(batch.word)
    )
    RETURNING search_words.word
)
SELECT (SELECT max(word) FROM batch), ARRAY(SELECT word FROM gone)
"""
# New messages wait in the pending list of the index; with thousands of them, the planner prefers to read the whole
# table for each word. So move them into the index first; nobody waits for that.
CLEAN = """
SELECT gin_clean_pending_list(indexrelid) FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
JOIN pg_am ON pg_am.oid = relam WHERE indrelid = 'messages'::regclass AND amname = 'gin'
"""
# A message that was being posted during FORGET found its word still there, and did not add it.
RESTORE = """
INSERT INTO search_words (word) SELECT word FROM unnest(%s::text[]) AS word
WHERE EXISTS (SELECT FROM messages WHERE tsv @@ public.search_lexeme(word))
ON CONFLICT DO NOTHING
"""
USES = """
SELECT word, count(*)
FROM unnest(%s::text[]) AS word JOIN messages ON messages.id = ANY(%s) AND tsv @@ public.search_lexeme(word)
GROUP BY word
"""


class SearchWordQuerySet(models.QuerySet["SearchWord"]):
    """Words of the vocabulary, by a part or a misspelling."""

    def containing(self, part: str) -> list[str]:
        """List the words that contain `part`, the shortest first."""
        is_in = Q(word__contains=fold(part)) | Q(word__contains=part.lower())  # as release 0.1 folded words
        found = self.filter(is_in).order_by(models.functions.Length("word"), "word")
        return list(found.values_list("word", flat=True)[:MAX_CONTAINING])

    def like(self, word: str) -> list[str]:
        """List the words that may have been meant by `word`, the most likely first; anybody may have written them."""
        word = fold(word)
        found = self.annotate(similarity=TrigramSimilarity("word", word)).filter(word__trigram_similar=word)
        near = [each.word for each in found.order_by("-similarity", "word").only("word")[:MAX_NEAR]]
        return [each for each in get_close_matches(word, near, n=MAX_NEAR, cutoff=MIN_SIMILARITY) if each != word]

    def uses(self, words: Collection[str], messages: Collection[int]) -> Counter[str]:
        """Count in how many of these messages each of these words is."""
        with connection.cursor() as cursor:
            cursor.execute(USES, [list(words), list(messages)])
            return Counter(dict(cursor.fetchall()))

    def forget_unused(self) -> int:
        """Delete the words that no message has any more; return how many. Other words may be added meanwhile."""
        forgotten: list[str] = []
        last: str | None = ""
        with connection.cursor() as cursor:
            while last is not None:
                clean_pending_list()
                cursor.execute(FORGET, {"after": last, "size": BATCH_WORDS})
                last, gone = cursor.fetchone()
                forgotten += gone
            cursor.execute(RESTORE, [forgotten])
        return len(forgotten)


def clean_pending_list() -> None:
    """Bring what waits outside of the search index into it, so that no write has to do so when the list is full."""
    with connection.cursor() as cursor:
        cursor.execute(CLEAN)


class SearchWord(models.Model):
    """One word, in lower case and without accents."""

    word = models.TextField(primary_key=True)

    objects = SearchWordQuerySet.as_manager()

    class Meta:
        db_table = "search_words"
        indexes = [GinIndex(name="search_words_parts", fields=["word"], opclasses=["gin_trgm_ops"])]

    def __str__(self) -> str:
        return self.word
