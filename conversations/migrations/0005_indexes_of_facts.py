from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """Indexes of the messages with a link or code, and of those whose facts are still to be filled in."""

    atomic = False
    dependencies = [("conversations", "0004_facts")]

    operations = [
        AddIndexConcurrently("message", models.Index(fields=["created_at"], name=name, condition=condition))
        for name, condition in (
            ("messages_has_link", Q(has_link=True)),
            ("messages_has_code", Q(has_code=True)),
            ("messages_without_facts", Q(has_link__isnull=True) | Q(has_code__isnull=True)),
        )
    ]
