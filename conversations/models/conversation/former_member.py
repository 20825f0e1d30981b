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
from conversations.models.keyset import TimeKeyset

REJOIN_PERIOD = timedelta(hours=24)
RESTORE_PERIOD = timedelta(days=30)
STORED_FIELDS = ["role", "notify", "joined_at", "history_from", "last_read_message_id", "last_read_at", "draft"]
STORED_FIELDS += ["draft_key", "notify_since"]


class FormerMemberQuerySet(TimeKeyset):
    """Former members, by the people who may restore them."""

    def remember(self, membership: Membership, by: User | None, revision: int | None = None) -> None:
        """Store a membership that `by` is ending, within the change that got `revision`."""
        self.filter(conversation=membership.conversation_id, user=membership.user_id).delete()
        self.create(
            conversation_id=membership.conversation_id,
            user_id=membership.user_id,
            ended_by=by,
            revision=revision,
            membership={name: as_json(getattr(membership, name)) for name in STORED_FIELDS},
        )

    def left_recently(self, user: User) -> "FormerMemberQuerySet":
        """Select the conversations that `user` left recently, whatever happened to them since."""
        return self.filter(user=user, ended_by=F("user"), ended_at__gt=Now() - REJOIN_PERIOD)

    def requests(self) -> "FormerMemberQuerySet":
        """Select the unanswered requests to rejoin, the earliest first."""
        asking = self.filter(requested_at__isnull=False, declined_at__isnull=True)
        return asking.filter(user__is_active=True).order_by("requested_at", "user")

    def were_removed(self, user: User) -> "FormerMemberQuerySet":
        """Select the conversations from which somebody removed `user`, however long ago."""
        return self.filter(user=user).exclude(ended_by=F("user"))

    def removed_recently(self) -> "FormerMemberQuerySet":
        """Select the people whom somebody else removed, the latest first."""
        removed = self.exclude(ended_by=F("user")).filter(ended_at__gt=Now() - RESTORE_PERIOD)
        return removed.filter(user__deleted_at__isnull=True).order_by("-ended_at", "-user_id")

    def roles_to_restore(self) -> dict[int, MemberRole]:
        """Map former read-only members to that role, which they get again if they join again."""
        readers = self.filter(membership__role=MemberRole.READER).values_list("user", flat=True)
        return dict.fromkeys(readers, MemberRole.READER)

    def forget(self) -> int:
        """Delete memberships that can no longer be restored; remember only who was removed, and who was read-only."""
        old = self.filter(ended_at__lt=Now() - RESTORE_PERIOD)
        left = old.filter(ended_by=F("user"))
        forgotten = left.exclude(membership__role=MemberRole.READER).delete()[0]
        old.filter(membership__role=MemberRole.READER).update(membership={"role": MemberRole.READER})
        old.exclude(membership__role=MemberRole.READER).update(membership={})
        return forgotten


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
    # The revision of the conversation when the membership ended; None in rows of earlier releases.
    revision = models.BigIntegerField(null=True)
    # When this person asked to rejoin, and when an owner declined.
    requested_at = models.DateTimeField(null=True)
    declined_at = models.DateTimeField(null=True)

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
