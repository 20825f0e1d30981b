from django.contrib.postgres.operations import RemoveIndexConcurrently
from django.db import migrations


class Migration(migrations.Migration):
    """The index that `messages_timeline` replaces is no longer used."""

    atomic = False
    dependencies = [("conversations", "0023_index_of_timeline")]

    operations = [RemoveIndexConcurrently("message", "messages_in_conversation")]
