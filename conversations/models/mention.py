"""Mentions: who was told by name that a message is for them."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from conversations.models import Message


class MentionManager(models.Manager):
    """How people are told that a message is for them."""

    def tell(self, message: "Message") -> None:
        """Tell those whom a message names."""


class Mention(models.Model):
    """One person told of one message, once, however often it is edited; `seen_at` is when they had read so far."""

    pk = models.CompositePrimaryKey("user_id", "message_id")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.DB_CASCADE, db_index=False, related_name="+")
    message = models.ForeignKey("conversations.Message", models.DB_CASCADE, related_name="mentions")
    conversation = models.ForeignKey("conversations.Conversation", models.DB_CASCADE, db_index=False, related_name="+")
    mentioned_at = models.DateTimeField(db_default=models.Func(function="clock_timestamp"))
    seen_at = models.DateTimeField(null=True)

    objects = MentionManager()

    class Meta:
        db_table = "mentions"
        indexes = [
            models.Index(fields=["user", "-mentioned_at"], name="mentions_of_user"),
            models.Index(fields=["conversation", "user"], name="mentions_unseen", condition=Q(seen_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.message_id}"
