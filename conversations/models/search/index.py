"""The search index, updated in batches after a change of how words are indexed.

What a message says is in its column `tsv`, which PostgreSQL computes when the row is written; a change of the functions
that compute it (migrations/0009_search_folding.sql) leaves the earlier rows as they are.
"""

from django.db import connection, models, transaction

BATCH_MESSAGES = 500
# Writing `content` computes `tsv` and adds to the vocabulary. Only rows that change are locked and written.
REINDEX = """
UPDATE messages SET content = content
WHERE id >= %(first)s AND id < %(end)s
    AND tsv IS DISTINCT FROM public.search_vector(content, file_names, html, reply_to_id IS NOT NULL)
"""
FIRST = "SELECT min(id) FROM (SELECT id FROM messages WHERE id < %s ORDER BY id DESC LIMIT %s) batch"


class SearchIndexManager(models.Manager["SearchIndex"]):
    """Access to the one row."""

    def is_complete(self) -> bool:
        """Return whether all messages are indexed as they are searched."""
        return not self.filter(indexed_from__gt=0).exists()

    def begin_again(self) -> int:
        """Have all messages indexed again, the newest first; return the last id."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT coalesce(max(id), 0) FROM messages")
            last = cursor.fetchone()[0]
        self.update_or_create(pk=SearchIndex.ONLY_ID, defaults={"indexed_from": last + 1})
        return last

    @transaction.atomic
    def reindex(self, limit: int = BATCH_MESSAGES) -> int:
        """Index the next `limit` messages, the newest first; return how many were checked, 0 if none are left.

        One call is one short transaction; a second caller waits for it.
        """
        index = self.select_for_update().filter(indexed_from__gt=0).first()
        if index is None:
            return 0
        with connection.cursor() as cursor:
            cursor.execute(FIRST, [index.indexed_from, limit])
            first = cursor.fetchone()[0] or 0
            cursor.execute(REINDEX, {"first": first, "end": index.indexed_from})
        self.update(indexed_from=first)
        return limit if first else 0


class SearchIndex(models.Model):
    """How far the messages are indexed as they are searched: from this id on; 0 is all of them."""

    ONLY_ID = 1

    id = models.SmallIntegerField(primary_key=True, default=ONLY_ID)
    indexed_from = models.BigIntegerField()

    objects = SearchIndexManager()

    class Meta:
        db_table = "search_index"

    def __str__(self) -> str:
        return f"from {self.indexed_from}"
