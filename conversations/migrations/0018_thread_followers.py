import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """The people who follow threads, and how far they have read them."""

    dependencies = [
        ("conversations", "0017_index_of_timeline"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        # The foreign keys lock the tables that they lead to, and others wait behind that.
        migrations.RunSQL("SET LOCAL lock_timeout = '900ms'", migrations.RunSQL.noop),
        migrations.CreateModel(
            name="ThreadFollower",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "user_id", "message_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("last_read_at", models.DateTimeField(db_default=models.Func(function="NOW"))),
                ("has_unread", models.BooleanField(db_default=False, default=False)),
                ("muted", models.BooleanField(db_default=False, default=False)),
                (
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.DB_CASCADE,
                        related_name="followers",
                        to="conversations.message",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.DB_CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "thread_followers",
                "indexes": [
                    models.Index(
                        condition=models.Q(("has_unread", True), ("muted", False)),
                        fields=["user"],
                        name="thread_followers_unread",
                    )
                ],
            },
        ),
    ]
