"""Saved messages: what somebody wants to come back to, for their eyes alone."""

from django.conf import settings
from django.db import models


class Saved(models.Model):
    """One message that somebody has saved; done once it needs them no more."""

    pk = models.CompositePrimaryKey("user_id", "message_id")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.DB_CASCADE, db_index=False, related_name="+")
    message = models.ForeignKey("conversations.Message", models.DB_CASCADE, related_name="+")
    saved_at = models.DateTimeField(db_default=models.Func(function="clock_timestamp"))
    done_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "saved_messages"

    def __str__(self) -> str:
        return f"{self.message_id} saved by {self.user_id}"
