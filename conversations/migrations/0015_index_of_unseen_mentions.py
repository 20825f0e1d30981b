from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """An index of the mentions that each person has not seen."""

    atomic = False
    dependencies = [("conversations", "0014_favourites")]

    operations = [
        AddIndexConcurrently(
            "mention",
            models.Index(fields=["user"], name="mentions_unseen_by_user", condition=Q(seen_at__isnull=True)),
        ),
    ]
