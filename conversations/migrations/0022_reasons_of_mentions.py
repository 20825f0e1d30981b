from django.db import migrations, models


class Migration(migrations.Migration):
    """Why a mention notifies somebody."""

    dependencies = [("conversations", "0021_beginning_of_text_files")]

    operations = [
        migrations.RunSQL("SET LOCAL lock_timeout = '900ms'", migrations.RunSQL.noop),
        migrations.AddField(
            "mention",
            "reason",
            models.CharField(
                choices=[("mention", "Mention"), ("call", "Call")],
                db_default="mention",
                default="mention",
                max_length=7,
            ),
        ),
    ]
