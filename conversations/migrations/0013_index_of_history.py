from django.contrib.postgres.operations import AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """An index of the memberships that hide earlier messages."""

    atomic = False
    dependencies = [("conversations", "0012_constraint_of_history")]

    operations = [
        ValidateConstraint("conversation", "only_private_history_is_from_joining"),
        AddIndexConcurrently(
            "membership",
            models.Index(
                fields=["user", "conversation"],
                name="members_with_history_from",
                condition=Q(history_from__isnull=False),
            ),
        ),
    ]
