"""The outbox: messages that may notify somebody, written together with them, until everyone has been notified."""

from django.db import models

# Waits for whoever is notifying people of the same message, and lets them begin again.
NOTIFY_AGAIN = "ON CONFLICT (message_id) DO UPDATE SET after_user = 0"


class OutboxEntry(models.Model):
    """A message that may notify somebody; whom, the fan-out finds out."""

    message = models.OneToOneField("conversations.Message", models.DB_CASCADE, primary_key=True, related_name="+")
    # Whether an edit notifies people whom the message did not notify when it was posted.
    is_edit = models.BooleanField(db_default=False, default=False)
    # People with ids up to this one have been notified.
    after_user = models.BigIntegerField(db_default=0, default=0)

    class Meta:
        db_table = "outbox"

    def __str__(self) -> str:
        return f"message {self.message_id}"
