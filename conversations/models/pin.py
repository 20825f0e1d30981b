"""Pins: messages that a conversation keeps at hand for all its members."""

from django.conf import settings
from django.db import models


class Pin(models.Model):
    """One message that is pinned in its conversation, with who did that and why."""

    message = models.OneToOneField("conversations.Message", models.DB_CASCADE, primary_key=True, related_name="pin")
    conversation = models.ForeignKey(
        "conversations.Conversation", models.DB_CASCADE, db_index=False, related_name="pins"
    )
    pinned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.DB_SET_NULL, null=True, related_name="+")
    reason = models.CharField(max_length=250, blank=True, db_default="", default="")
    pinned_at = models.DateTimeField(db_default=models.Func(function="clock_timestamp"))

    class Meta:
        db_table = "pins"
        indexes = [models.Index(fields=["conversation", "-pinned_at"], name="pins_of_conversation")]

    def __str__(self) -> str:
        return f"pin of {self.message_id}"
