"""Reactions: an emoji that somebody puts under a message."""

from django.conf import settings
from django.db import models


class Reaction(models.Model):
    """One emoji of one person under one message; the key sees to it that it is one."""

    pk = models.CompositePrimaryKey("message_id", "emoji", "user_id")
    message = models.ForeignKey("conversations.Message", models.DB_CASCADE, db_index=False, related_name="reactions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.DB_CASCADE, related_name="+")
    emoji = models.CharField(max_length=40)
    created_at = models.DateTimeField(db_default=models.Func(function="clock_timestamp"))

    class Meta:
        db_table = "message_reactions"

    def __str__(self) -> str:
        return self.emoji
