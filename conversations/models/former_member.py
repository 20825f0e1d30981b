"""Former members: what a membership was, so that one that ended by accident goes on as if it had not."""

from django.conf import settings
from django.db import models


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

    class Meta:
        db_table = "former_members"

    def __str__(self) -> str:
        return f"{self.user_id} was in {self.conversation_id}"
