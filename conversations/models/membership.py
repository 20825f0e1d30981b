"""Memberships: who is in a conversation, since when, and how far they have read."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.db import connection, models, transaction
from django.db.models import OuterRef

from accounts.models.people import shown_name
from conversations.cursors import MICROSECOND
from conversations.models.announcing import announce
from conversations.models.counting import CappedCount

if TYPE_CHECKING:
    from accounts.models import User
    from conversations.models import Conversation, Message

# With the mark, the mentions up to it are seen, and those after it are not.
SEE = """
UPDATE mentions SET seen_at = clock_timestamp() FROM messages
WHERE mentions.user_id = %(user)s AND mentions.conversation_id = %(conversation)s AND seen_at IS NULL
  AND messages.id = message_id AND created_at <= %(moment)s
"""
UNSEE = """
UPDATE mentions SET seen_at = NULL FROM messages
WHERE mentions.user_id = %(user)s AND mentions.conversation_id = %(conversation)s AND seen_at IS NOT NULL
  AND messages.id = message_id AND created_at > %(moment)s
"""


class MemberRole(models.TextChoices):
    """What a member may do in a conversation: owners also manage it, who is read-only does not write."""

    OWNER = "owner", "Owner"
    MEMBER = "member", "Member"
    READER = "reader", "Read-only"


class Notify(models.TextChoices):
    """Which messages count as unread in a member's inbox and title."""

    ALL = "all", "Every message"
    MENTIONS = "mentions", "Mentions of me"
    NOTHING = "nothing", "Nothing: it is muted"


class MembershipQuerySet(models.QuerySet):
    """Memberships, and the verbs that make and change them."""

    def with_names(self) -> "MembershipQuerySet":
        """Add `name`, how the member is called, and order by it."""
        return self.annotate(name=shown_name("user__")).order_by("name", "user_id")

    def add(self, conversation: "Conversation", people: Iterable["User"]) -> None:
        """Make people members; who is one already stays as they are."""
        members = set(self.filter(conversation=conversation, user__in=people).values_list("user", flat=True))
        rows = [self.model(conversation=conversation, user=person) for person in people if person.pk not in members]
        if rows:
            with conversation.changing():
                self.bulk_create(rows, ignore_conflicts=True)
                for row in rows:
                    announce("joined", conversation.pk, row.user_id)

    def remove(self, conversation: "Conversation", people: Iterable["User"]) -> None:
        """End memberships, within a change of the conversation."""
        for person in people:
            if self.filter(conversation=conversation, user=person).delete()[0]:
                announce("left", conversation.pk, person.pk)

    def mark_read(self, user: "User", message: "Message") -> bool:
        """Move `user`'s read mark up to `message`; tell whether it moved, as it never moves back."""
        mine = self.filter(conversation=message.conversation_id, user=user, last_read_at__lt=message.created_at)
        return mine.put_mark(user, message.conversation_id, message.created_at, message.pk, SEE)

    def mark_unread(self, user: "User", message: "Message") -> bool:
        """Move `user`'s read mark back to right before `message`, if it is past that: the only way it goes back."""
        mine = self.filter(conversation=message.conversation_id, user=user, last_read_at__gte=message.created_at)
        before = message.conversation.messages.before(message.cursor).newest_first().values_list("pk", flat=True)
        return mine.put_mark(user, message.conversation_id, message.created_at - MICROSECOND, before.first(), UNSEE)

    def put_mark(
        self, user: "User", conversation_id: int, moment: datetime, message_id: int | None, mentions: str
    ) -> bool:
        """Set the read mark of this membership and tell the other devices of `user`; False where it is not there."""
        with transaction.atomic():
            moved = self.update(last_read_at=moment, last_read_message_id=message_id)
            if moved:
                with connection.cursor() as cursor:
                    cursor.execute(mentions, {"user": user.pk, "conversation": conversation_id, "moment": moment})
                announce("read", conversation_id, user.pk)
        return bool(moved)

    def unread_of(self, conversation: "Conversation", users: Iterable[int]) -> "MembershipQuerySet":
        """List (user id, unread messages) for those of `users` who are members; the count stops as CappedCount does."""
        unread = conversation.messages.unread_since(OuterRef("last_read_at"), OuterRef("conversation_id"))
        mine = self.filter(conversation=conversation, user__in=users)
        return mine.values_list("user_id", CappedCount(unread.newest_first()))

    def keep_draft(self, user: "User", conversation: "Conversation", words: str, client_key: UUID) -> bool:
        """Keep what `user` has begun to write, unless it was sent meanwhile under its `client_key`."""
        mine = self.filter(conversation=conversation, user=user)
        with transaction.atomic():
            # The lock first: a statement that waits for a send to commit would not see its message.
            if not mine.select_for_update().exists() or conversation.messages.filter(user=user, client_key=client_key):
                return False
            return bool(mine.update(draft=words, draft_key=client_key))


class Membership(models.Model):
    """One person in one conversation."""

    pk = models.CompositePrimaryKey("conversation_id", "user_id")
    conversation = models.ForeignKey(
        "conversations.Conversation", models.DB_CASCADE, db_index=False, related_name="memberships"
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.DB_CASCADE, db_index=False, related_name="memberships")
    joined_at = models.DateTimeField(db_default=models.Func(function="NOW"))
    last_read_message_id = models.BigIntegerField(null=True)
    last_read_at = models.DateTimeField(db_default=models.Func(function="NOW"))
    role = models.CharField(max_length=10, choices=MemberRole, db_default="member", default="member")
    notify = models.CharField(max_length=10, choices=Notify, db_default="all", default="all")
    draft = models.TextField(db_default="", default="", blank=True)
    # The key with which the draft will be sent, from whichever device, so that two of them send it once.
    draft_key = models.UUIDField(null=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        db_table = "conversation_members"
        indexes = [models.Index(fields=["user"], name="idx_conversation_members_user")]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.conversation_id}"
