from django.db import migrations, models


class Migration(migrations.Migration):
    """Replies that are only in their thread."""

    dependencies = [("conversations", "0015_index_of_unseen_mentions")]

    operations = [
        migrations.RunSQL("SET LOCAL lock_timeout = '900ms'", migrations.RunSQL.noop),
        migrations.AddField(
            "message", "in_conversation", models.BooleanField(db_default=True, default=True, editable=False)
        ),
    ]
