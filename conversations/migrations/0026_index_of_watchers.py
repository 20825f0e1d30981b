from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """An index of the members who are notified of every message."""

    atomic = False
    dependencies = [("conversations", "0025_group_calls")]

    operations = [
        AddIndexConcurrently(
            "membership",
            models.Index(fields=["conversation", "user"], name="members_watching", condition=Q(notify="watch")),
        ),
    ]
