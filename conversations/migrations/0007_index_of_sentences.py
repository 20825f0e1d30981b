from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """An index of the system messages that still have a sentence, to find those with the name of a removed account."""

    atomic = False
    dependencies = [("conversations", "0006_events")]

    operations = [
        AddIndexConcurrently(
            "message",
            models.Index(fields=["id"], name="messages_sentences", condition=Q(is_system=True) & ~Q(content="")),
        ),
    ]
