from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """Only private conversations hide earlier messages from new members."""

    dependencies = [("conversations", "0011_history_from_joining")]

    operations = [
        migrations.RunSQL("SET LOCAL lock_timeout = '900ms'", migrations.RunSQL.noop),
        AddConstraintNotValid(
            "conversation",
            models.CheckConstraint(
                condition=Q(history_from_joining=False) | Q(kind="private"),
                name="only_private_history_is_from_joining",
            ),
        ),
    ]
