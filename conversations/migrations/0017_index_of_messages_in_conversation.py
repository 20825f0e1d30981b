from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    """An index of the messages of conversations, without the replies that are only in their thread."""

    atomic = False
    dependencies = [("conversations", "0016_replies_in_their_thread")]

    operations = [
        AddIndexConcurrently(
            "message",
            models.Index(
                *(F("conversation"), F("created_at").desc(), F("id").desc()),
                name="messages_in_conversation",
                condition=Q(deleted_at__isnull=True, in_conversation=True),
            ),
        ),
    ]
