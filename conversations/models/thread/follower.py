"""Thread followers: the people to whom a thread shows its new replies, and how far each of them has read it."""

from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.db import connection, models, transaction
from django.db.models import Q

from accounts.models import User, limits
from conversations.models.announcing import announce

# Within a transaction that has locked the rows, as a reply marks them as unread. `has_unread` is found again in the
# second statement, because the first one may have waited for a reply.
READ = """
UPDATE thread_followers SET last_read_at = greatest(last_read_at, %(moment)s)
WHERE user_id = %(user)s AND message_id = %(thread)s AND (last_read_at < %(moment)s OR has_unread)
"""
FIND_UNREAD = """
UPDATE thread_followers AS followed SET has_unread = EXISTS (
    SELECT FROM messages
    WHERE thread_id = followed.message_id AND deleted_at IS NULL AND created_at > followed.last_read_at
      AND messages.user_id IS DISTINCT FROM followed.user_id
)
WHERE followed.user_id = %(user)s AND followed.message_id = %(thread)s
"""
SEE = """
UPDATE mentions SET seen_at = clock_timestamp() FROM messages
WHERE mentions.user_id = %(user)s AND seen_at IS NULL AND messages.id = message_id
  AND messages.thread_id = %(thread)s AND created_at <= %(moment)s
"""
# Replies that are also in the conversation are read there.
LOCK_UNREAD_IN = """
SELECT message_id FROM thread_followers JOIN messages ON messages.id = message_id
WHERE thread_followers.user_id = %(user)s AND has_unread AND conversation_id = %(conversation)s
FOR UPDATE OF thread_followers
"""
READ_IN = """
UPDATE thread_followers AS followed SET last_read_at = greatest(last_read_at, %(moment)s), has_unread = false
WHERE followed.user_id = %(user)s AND message_id = ANY(%(threads)s) AND NOT EXISTS (
    SELECT FROM messages
    WHERE thread_id = followed.message_id AND deleted_at IS NULL AND created_at > followed.last_read_at
      AND (NOT in_conversation OR created_at > %(moment)s)
)
"""
READ_ALL = """
UPDATE thread_followers SET last_read_at = statement_timestamp(), has_unread = false
WHERE user_id = %(user)s AND message_id = ANY(%(threads)s)
"""
SEE_ALL = """
UPDATE mentions SET seen_at = clock_timestamp() FROM messages
WHERE mentions.user_id = %(user)s AND seen_at IS NULL AND messages.id = message_id AND NOT in_conversation
"""
UNREAD = """
UPDATE thread_followers SET last_read_at = %(moment)s - interval '1 microsecond', has_unread = true
WHERE user_id = %(user)s AND message_id = %(thread)s
"""
UNSEE = """
UPDATE mentions SET seen_at = NULL FROM messages
WHERE mentions.user_id = %(user)s AND seen_at IS NOT NULL AND messages.id = message_id
  AND messages.thread_id = %(thread)s AND created_at >= %(moment)s
"""


class ThreadFollowerQuerySet(models.QuerySet):
    """Thread followers, and how their read markers move."""

    def of(self, user: User) -> "ThreadFollowerQuerySet":
        return self.filter(user=user)

    def unread(self) -> "ThreadFollowerQuerySet":
        """Select those who may have unread replies."""
        return self.filter(IS_UNREAD)

    def mark_all_read(self, by: User) -> None:
        """Mark all threads that `by` follows as read, with the mentions in them; raise NotAllowed and LimitReached."""
        limits.take("change", by)
        by.refuse_deactivated()
        with transaction.atomic():
            unread = self.of(by).filter(has_unread=True).select_for_update(of=("self",))
            conversations = dict(unread.values_list("message", "message__conversation"))
            run(READ_ALL, user=by.pk, threads=list(conversations))
            run(SEE_ALL, user=by.pk)
            for conversation in sorted(set(conversations.values())):
                announce("read", conversation, by.pk)

    def users_with_unread(self, conversation: int, users: Collection[int]) -> set[int]:
        """Find those of `users` who may have unread replies in the threads of a conversation."""
        here = self.unread().filter(user__in=users, message__conversation=conversation)
        return set(here.values_list("user", flat=True))


IS_UNREAD = Q(has_unread=True, muted=False)


class ThreadFollower(models.Model):
    """A person who follows the thread of a message, up to where they have read it."""

    pk = models.CompositePrimaryKey("user_id", "message_id")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.DB_CASCADE, db_index=False, related_name="+")
    # The first message of the thread.
    message = models.ForeignKey("conversations.Message", models.DB_CASCADE, related_name="followers")
    last_read_at = models.DateTimeField(db_default=models.Func(function="NOW"))
    # Set by each reply and cleared by reading, so that no page looks through all followed threads. It stays set if the
    # reply is deleted, so each query that reads it also looks for the reply.
    has_unread = models.BooleanField(db_default=False, default=False)
    muted = models.BooleanField(db_default=False, default=False)

    objects = ThreadFollowerQuerySet.as_manager()

    class Meta:
        db_table = "thread_followers"
        indexes = [models.Index(fields=["user"], name="thread_followers_unread", condition=IS_UNREAD)]

    def __str__(self) -> str:
        return f"{self.user_id} follows {self.message_id}"


def run(statement: str, **values: Any) -> int:
    """Run a statement; return how many rows it changed."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.rowcount


def read_in_conversation(user: int, conversation: int, moment: object) -> bool:
    """Mark the threads as read whose new replies `user` has seen in their conversation, up to `moment`.

    Within the transaction that moves the read marker. Returns whether that changed anything.
    """
    with connection.cursor() as cursor:
        cursor.execute(LOCK_UNREAD_IN, {"user": user, "conversation": conversation})
        threads = [thread for (thread,) in cursor.fetchall()]
    return bool(threads and run(READ_IN, user=user, threads=threads, moment=moment))
