"""Triage: reading many conversations at once, and taking that back. It moves the marks of one person alone."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from django.apps import apps
from django.db import connection, models, transaction
from django.utils import timezone

from conversations.models.announcing import announce

if TYPE_CHECKING:
    from accounts.models import User

# Marks only go forward here. A mention can be new and yet before the mark, as edits make them.
READ = """
WITH chosen AS (
    SELECT conversation_id, last_read_at, last_read_message_id, last_message_at, last_message_id
    FROM conversation_members JOIN conversations ON id = conversation_id
    WHERE user_id = %(user)s AND conversation_id = ANY(%(conversations)s) FOR UPDATE OF conversation_members
), moved AS (
    UPDATE conversation_members AS members
    SET last_read_at = chosen.last_message_at, last_read_message_id = chosen.last_message_id
    FROM chosen
    WHERE members.user_id = %(user)s AND members.conversation_id = chosen.conversation_id
      AND chosen.last_message_id IS NOT NULL AND chosen.last_message_at > chosen.last_read_at
    RETURNING chosen.conversation_id
), seen AS (
    UPDATE mentions SET seen_at = %(moment)s FROM chosen, messages
    WHERE mentions.user_id = %(user)s AND mentions.conversation_id = chosen.conversation_id AND seen_at IS NULL
      AND messages.id = message_id AND created_at <= greatest(chosen.last_read_at, chosen.last_message_at)
    RETURNING chosen.conversation_id
)
SELECT conversation_id, last_read_at, last_read_message_id, last_message_at FROM chosen
WHERE conversation_id IN (TABLE moved UNION TABLE seen) ORDER BY conversation_id
"""
# Whoever has read on since keeps that mark.
PUT_BACK = """
WITH marks AS (
    SELECT * FROM unnest(%(conversations)s::bigint[], %(before)s::timestamptz[], %(messages)s::bigint[],
                         %(after)s::timestamptz[]) AS mark (conversation_id, before, message_id, after)
), back AS (
    UPDATE conversation_members AS members SET last_read_at = marks.before, last_read_message_id = marks.message_id
    FROM marks
    WHERE members.user_id = %(user)s AND members.conversation_id = marks.conversation_id
      AND members.last_read_at = marks.after
    RETURNING marks.conversation_id
), unseen AS (
    UPDATE mentions SET seen_at = NULL FROM marks
    WHERE mentions.user_id = %(user)s AND mentions.conversation_id = marks.conversation_id AND seen_at = %(moment)s
    RETURNING marks.conversation_id
)
TABLE back UNION TABLE unseen ORDER BY conversation_id
"""


class Mark(NamedTuple):
    """A read mark that was moved: where, from when and which message, and to when."""

    conversation: int
    before: datetime
    message: int | None
    after: datetime

    def written(self) -> list[int | str | None]:
        """Write it for a session, which keeps JSON."""
        return [self.conversation, self.before.isoformat(), self.message, self.after.isoformat()]

    @classmethod
    def read(cls, conversation: int, before: str, message: int | None, after: str) -> "Mark":
        """Read what `written` wrote."""
        return cls(conversation, datetime.fromisoformat(before), message, datetime.fromisoformat(after))


class BulkReadMarkers(models.QuerySet):
    """Memberships, and the verbs that move many of somebody's read marks at once."""

    def mark_all_read(self, user: "User", conversations: Collection[int]) -> tuple[list[Mark], datetime]:
        """Move `user`'s read marks to the end of these conversations, and see the mentions in them.

        Returns what changed, and the moment at which mentions were seen: `restore_read_markers` takes both.
        """
        moment = timezone.now()
        what = {"user": user.pk, "conversations": list(conversations), "moment": moment}
        return [Mark(*row) for row in self.move_read_markers(READ, user, what)], moment

    def restore_read_markers(self, user: "User", marks: Iterable[Mark], moment: datetime) -> int:
        """Put marks back to where they were before `mark_all_read`; return in how many conversations."""
        columns = zip(*marks, strict=True)
        names = ("conversations", "before", "messages", "after")
        what = dict(zip(names, map(list, columns), strict=True)) | {"user": user.pk, "moment": moment}
        return len(self.move_read_markers(PUT_BACK, user, what))

    def mark_newest_unread(self, user: "User", conversations: Collection[int]) -> int:
        """Move `user`'s read marks back to before the newest message of each; return in how many that changed any."""
        there = apps.get_model("conversations", "Message").objects.select_related("conversation")
        mine = self.filter(user=user, conversation__in=conversations)
        newest = there.filter(pk__in=mine.values("conversation__last_message_id"))
        return sum([self.mark_unread(user, message) for message in newest])

    def move_read_markers(self, statement: str, user: "User", what: dict) -> list[tuple]:
        """Move marks by a statement that gives rows which begin with a conversation; tell the other devices."""
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, what)
            rows = cursor.fetchall()
            for conversation, *_ in rows:
                announce("read", conversation, user.pk)
        return rows
