"""Bulk read markers: mark many conversations as read or unread at once, and undo that."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, Self

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import NotAllowed, User
from accounts.models.limits import take
from conversations.models.announcing import announce
from conversations.models.conversation.changing import DEACTIVATED
from conversations.models.conversation.lists import ConversationLists
from conversations.models.conversation.membership import Membership
from conversations.models.conversation.read_markers import move_back
from conversations.models.message.message import Message

# Read markers only move forward here. A new mention can be before the marker, if an edit added it; a group call that an
# edit made is after the last message, and they pass it.
READ = """
WITH chosen AS (
    SELECT conversation_id, last_read_at, last_read_message_id, last_message_id,
           greatest(last_message_at, (SELECT max(called_at) FROM group_calls WHERE conversation_id = conversations.id))
               AS last_message_at
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
      AND messages.id = message_id AND in_conversation
      AND created_at <= greatest(chosen.last_read_at, chosen.last_message_at)
    RETURNING chosen.conversation_id
)
SELECT conversation_id, last_read_at, last_read_message_id, last_message_at FROM chosen
WHERE conversation_id IN (TABLE moved UNION TABLE seen) ORDER BY conversation_id
"""
# Skips memberships whose marker has moved since.
RESTORE = """
WITH markers AS (
    SELECT * FROM unnest(%(conversations)s::bigint[], %(before)s::timestamptz[], %(messages)s::bigint[],
                         %(after)s::timestamptz[]) AS marker (conversation_id, before, message_id, after)
), restored AS (
    UPDATE conversation_members AS members SET last_read_at = markers.before, last_read_message_id = markers.message_id
    FROM markers
    WHERE members.user_id = %(user)s AND members.conversation_id = markers.conversation_id
      AND members.last_read_at = markers.after
    RETURNING markers.conversation_id
), unseen AS (
    UPDATE mentions SET seen_at = NULL FROM markers
    WHERE mentions.user_id = %(user)s AND mentions.conversation_id = markers.conversation_id AND seen_at = %(moment)s
    RETURNING markers.conversation_id
)
TABLE restored UNION TABLE unseen ORDER BY conversation_id
"""


class MovedMarker(NamedTuple):
    """A read marker that was moved: its conversation, the old time and message, and the new time."""

    conversation: int
    before: datetime
    message: int | None
    after: datetime


@dataclass(frozen=True)
class BulkRead:
    """The read markers that were moved together, and the time at which mentions were marked as seen."""

    markers: Collection[MovedMarker]
    moment: datetime

    def as_json(self) -> list[Any]:
        """Convert it to JSON, for a session."""
        rows = [[row.conversation, row.before.isoformat(), row.message, row.after.isoformat()] for row in self.markers]
        return [self.moment.isoformat(), *rows]

    @classmethod
    def from_json(cls, stored: list[Any]) -> Self:
        """Parse the result of `as_json`."""
        moment, *rows = stored
        markers = [
            MovedMarker(conversation, datetime.fromisoformat(before), message, datetime.fromisoformat(after))
            for conversation, before, message, after in rows
        ]
        return cls(markers, datetime.fromisoformat(moment))


class BulkReadMarkers(ConversationLists):
    """Conversations, and the verbs that move many read markers of one person at once."""

    def mark_all_read(self, by: User, conversations: Collection[int]) -> BulkRead:
        """Move the read markers of `by` to the end of these conversations, and mark mentions in them as seen.

        Returns the changes, for `restore_read_markers`.
        """
        take("change", by)
        moment = timezone.now()
        values = {"user": by.pk, "conversations": list(conversations), "moment": moment}
        return BulkRead([MovedMarker(*row) for row in move_markers(READ, by, values)], moment)

    def restore_read_markers(self, by: User, read: BulkRead) -> int:
        """Undo `mark_all_read`; return the number of conversations."""
        take("change", by)
        values = {
            "user": by.pk,
            "moment": read.moment,
            "conversations": [marker.conversation for marker in read.markers],
            "before": [marker.before for marker in read.markers],
            "messages": [marker.message for marker in read.markers],
            "after": [marker.after for marker in read.markers],
        }
        return len(move_markers(RESTORE, by, values))

    def mark_newest_unread(self, by: User, conversations: Collection[int]) -> int:
        """Move the read markers of `by` back to before the newest message of each; return how many changed."""
        take("change", by)
        if not by.is_active:
            raise NotAllowed(DEACTIVATED)
        mine = Membership.objects.filter(user=by, conversation__in=conversations)
        newest = Message.objects.visible_to(by).filter(pk__in=mine.values("conversation__last_message_id"))
        return sum([move_back(by, message) for message in newest])


def move_markers(statement: str, by: User, values: dict[str, Any]) -> list[tuple]:
    """Run a statement that moves markers and returns the conversations first; announce it to the devices of `by`."""
    if not by.is_active:
        raise NotAllowed(DEACTIVATED)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows = cursor.fetchall()
        for conversation, *_ in rows:
            announce("read", conversation, by.pk)
    return rows
