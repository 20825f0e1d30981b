"""Former members: what a membership was, so that one that ended by accident goes on as if it had not."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import F
from django.db.models.functions import Now

if TYPE_CHECKING:
    from accounts.models import User
    from conversations.models import Membership

TO_COME_BACK = timedelta(hours=24)
TO_BE_BROUGHT_BACK = timedelta(days=30)
KEPT = ["role", "notify", "joined_at", "last_read_message_id", "last_read_at", "draft", "draft_key"]


class FormerMemberQuerySet(models.QuerySet):
    """Former members, by who may bring them back."""

    def remember(self, membership: "Membership", by: "User | None") -> None:
        """Remember what a membership was that `by` ends now."""
        place = {"conversation_id": membership.conversation_id, "user_id": membership.user_id}
        self.filter(**place).delete()
        self.create(**place, ended_by=by, membership={name: written(membership, name) for name in KEPT})

    def may_rejoin(self) -> "FormerMemberQuerySet":
        """Keep those who left by themselves a short while ago, where there still is something to come back to."""
        mine = self.filter(ended_by=F("user"), ended_at__gt=Now() - TO_COME_BACK)
        return mine.filter(conversation__deleted_at__isnull=True)

    def removed_recently(self) -> "FormerMemberQuerySet":
        """Keep those whom somebody else removed, the last one first."""
        removed = self.exclude(ended_by=F("user")).filter(ended_at__gt=Now() - TO_BE_BROUGHT_BACK)
        return removed.filter(user__deleted_at__isnull=True).order_by("-ended_at")

    def roles(self) -> dict[int, str]:
        """Map the people to what they were."""
        return dict(self.values_list("user", "membership__role"))

    def forget(self) -> int:
        """Delete for good what nobody can bring back any more; who could read only is remembered as that alone."""
        old = self.filter(ended_at__lt=Now() - TO_BE_BROUGHT_BACK)
        old.filter(membership__role="reader").update(membership={"role": "reader"})
        return old.exclude(membership__role="reader").delete()[0]


class FormerMember(models.Model):
    """A membership that has ended, with all that is lost with it."""

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

    def membership_was(self) -> dict[str, Any]:
        """Give the fields of the membership as they were."""
        fields = self.conversation.memberships.model._meta
        return {name: fields.get_field(name).to_python(value) for name, value in self.membership.items()}


def written(membership: "Membership", name: str) -> Any:
    """Write a value as JSON takes it, a moment to the microsecond."""
    value = getattr(membership, name)
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value
