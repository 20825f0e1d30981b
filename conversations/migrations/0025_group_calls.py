import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """The messages that call all members of a large conversation."""

    dependencies = [("conversations", "0024_outbox")]

    operations = [
        # Conversations are locked before messages, as those who post do, or both would wait for each other.
        migrations.RunSQL("SET LOCAL lock_timeout = '900ms'", migrations.RunSQL.noop),
        migrations.CreateModel(
            name="GroupCall",
            fields=[
                ("called_at", models.DateTimeField(db_default=models.Func(function="clock_timestamp"))),
                (
                    "conversation",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.DB_CASCADE,
                        related_name="+",
                        to="conversations.conversation",
                    ),
                ),
                (
                    "message",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.DB_CASCADE,
                        primary_key=True,
                        related_name="group_call",
                        serialize=False,
                        to="conversations.message",
                    ),
                ),
            ],
            options={
                "db_table": "group_calls",
                "indexes": [models.Index(fields=["conversation", "called_at"], name="calls_of_conversation")],
            },
        ),
    ]
