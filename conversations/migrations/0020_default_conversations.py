from django.db import migrations, models


class Migration(migrations.Migration):
    """Which conversations newcomers join with their first visit."""

    dependencies = [("conversations", "0019_files_of_earlier_texts")]

    operations = [
        migrations.RunSQL("SET LOCAL lock_timeout = '900ms'", migrations.RunSQL.noop),
        migrations.AddField(
            "conversation",
            "is_default",
            models.BooleanField(db_default=False, default=False, editable=False),
        ),
    ]
