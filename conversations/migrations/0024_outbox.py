import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """The messages that may notify somebody."""

    dependencies = [("conversations", "0023_levels")]

    operations = [
        # The foreign key locks the table that it leads to, and others wait behind that.
        migrations.RunSQL("SET LOCAL lock_timeout = '900ms'", migrations.RunSQL.noop),
        migrations.CreateModel(
            name="OutboxEntry",
            fields=[
                (
                    "message",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.DB_CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="conversations.message",
                    ),
                ),
                ("is_edit", models.BooleanField(db_default=False, default=False)),
                ("after_user", models.BigIntegerField(db_default=0, default=0)),
            ],
            options={"db_table": "outbox"},
        ),
    ]
