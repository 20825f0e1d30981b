import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

VERBS = [
    ("renamed", "Renamed"),
    ("opened", "Opened"),
    ("closed", "Closed"),
    ("archived", "Archived"),
    ("unarchived", "Unarchived"),
    ("role changed", "Role Changed"),
    ("removed", "Removed"),
    ("restored", "Restored"),
    ("forgotten", "Forgotten"),
]


class Migration(migrations.Migration):
    """The table of what system messages tell."""

    dependencies = [
        ("conversations", "0005_indexes_of_facts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        # The foreign keys lock the tables that they lead to, and others wait behind that.
        migrations.RunSQL("SET LOCAL lock_timeout = '900ms'", migrations.RunSQL.noop),
        migrations.CreateModel(
            name="Event",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("verb", models.CharField(choices=VERBS, max_length=20)),
                ("particulars", models.JSONField(default=dict)),
                ("revision", models.BigIntegerField()),
                ("created_at", models.DateTimeField(db_default=models.Func(function="clock_timestamp"))),
                (
                    "actor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.DB_SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "conversation",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.DB_CASCADE,
                        related_name="events",
                        to="conversations.conversation",
                    ),
                ),
                (
                    "message",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.DB_CASCADE,
                        related_name="event",
                        to="conversations.message",
                    ),
                ),
            ],
            options={
                "db_table": "events",
                "indexes": [models.Index(fields=["conversation", "revision"], name="events_of_conversation")],
            },
        ),
    ]
