from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    """An index of the messages that are in their conversation, which tells which of them are silent."""

    atomic = False
    dependencies = [("conversations", "0016_replies_and_silent_messages")]

    operations = [
        AddIndexConcurrently(
            "message",
            models.Index(
                *(F("conversation"), F("created_at").desc(), F("id").desc()),
                name="messages_timeline",
                include=["is_silent"],
                condition=Q(deleted_at__isnull=True, in_conversation=True),
            ),
        ),
    ]
