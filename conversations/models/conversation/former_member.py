"""Former members: ended memberships, stored so that they can be restored."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import F
from django.db.models.functions import Now

from accounts.models import User
from conversations.models.conversation.membership import MemberRole, Membership

REJOIN_PERIOD = timedelta(hours=24)
RESTORE_PERIOD = timedelta(days=30)
STORED_FIELDS = ["role", "notify", "joined_at", "last_read_message_id", "last_read_at", "draft", "draft_key"]


class FormerMemberQuerySet(models.QuerySet["FormerMember"]):
    """Former members, by the people who may restore them."""

    def remember(self, membership: Membership, by: User | None) -> None:
        """Store a membership that `by` is about to end."""
        self.filter(conversation=membership.conversation_id, user=membership.user_id).delete()
        self.create(
            conversation_id=membership.conversation_id,
            user_id=membership.user_id,
            ended_by=by,
            membership={name: as_json(getattr(membership, name)) for name in STORED_FIELDS},
        )

    def may_rejoin(self, user: User) -> "FormerMemberQuerySet":
        """Select the conversations that `user` left a short while ago, unless the conversation is deleted."""
        mine = self.filter(user=user, ended_by=F("user"), ended_at__gt=Now() - REJOIN_PERIOD)
        return mine.filter(conversation__deleted_at__isnull=True)

    def removed_recently(self) -> "FormerMemberQuerySet":
        """Select the people whom somebody else removed, the latest first."""
        removed = self.exclude(ended_by=F("user")).filter(ended_at__gt=Now() - RESTORE_PERIOD)
        return removed.filter(user__deleted_at__isnull=True).order_by("-ended_at")

    def roles_to_restore(self) -> dict[int, MemberRole]:
        """Map former read-only members to that role, which they get again if they join again."""
        readers = self.filter(membership__role=MemberRole.READER).values_list("user", flat=True)
        return dict.fromkeys(readers, MemberRole.READER)

    def forget(self) -> int:
        """Delete memberships that can no longer be restored; of read-only members, only delete the details."""
        old = self.filter(ended_at__lt=Now() - RESTORE_PERIOD)
        old.filter(membership__role=MemberRole.READER).update(membership={"role": MemberRole.READER})
        return old.exclude(membership__role=MemberRole.READER).delete()[0]


class FormerMember(models.Model):
    """A membership that has ended, with all its fields."""

    pk = models.CompositePrimaryKey("conversation_id", "user_id")
    conversation = models.ForeignKey(
        "conversations.Conversation", models.DB_CASCADE, db_index=False, related_name="former_members"
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.DB_CASCADE, related_name="+")
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.DB_SET_NULL, null=True, related_name="+")
    ended_at = models.DateTimeField(db_default=models.Func(function="clock_timestamp"))
    # The fields of the membership as they were: {name: value}.
    membership = models.JSONField()

    objects = FormerMemberQuerySet.as_manager()

    class Meta:
        db_table = "former_members"

    def __str__(self) -> str:
        return f"{self.user_id} was in {self.conversation_id}"

    def as_membership(self) -> Membership:
        """Rebuild the membership, unsaved."""
        membership = Membership(conversation_id=self.conversation_id, user_id=self.user_id)
        for field in Membership._meta.concrete_fields:
            if field.name in self.membership:
                setattr(membership, field.name, field.to_python(self.membership[field.name]))
        return membership


def as_json(value: Any) -> Any:
    """Convert a value for JSON; times keep their microseconds."""
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value
