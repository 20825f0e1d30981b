"""Memberships: who is in a conversation, since when, and how far they have read."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models

from accounts.models.user import shown_name

if TYPE_CHECKING:
    from accounts.models import User
    from conversations.models import Conversation, Message


class MembershipQuerySet(models.QuerySet):
    """Memberships, and the verbs that make and change them."""

    def with_names(self) -> "MembershipQuerySet":
        """Add `name`, how the member is called, and order by it."""
        return self.annotate(name=shown_name("user__")).order_by("name", "user_id")

    def add(self, conversation: "Conversation", people: Iterable["User"]) -> None:
        """Make people members; who is one already stays as they are."""
        rows = [self.model(conversation=conversation, user=person) for person in people]
        self.bulk_create(rows, ignore_conflicts=True)

    def mark_read(self, user: "User", message: "Message") -> bool:
        """Move `user`'s read mark up to `message`; tell whether it moved, as it never moves back."""
        mine = self.filter(conversation=message.conversation_id, user=user, last_read_at__lt=message.created_at)
        return bool(mine.update(last_read_at=message.created_at, last_read_message_id=message.pk))


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

    objects = MembershipQuerySet.as_manager()

    class Meta:
        db_table = "conversation_members"
        indexes = [models.Index(fields=["user"], name="idx_conversation_members_user")]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.conversation_id}"
