from django.db import migrations, models


class Migration(migrations.Migration):
    """Whether replies in threads are sent to the conversation, too, as a person last chose."""

    dependencies = [("accounts", "0007_sidebar")]

    operations = [
        migrations.RunSQL("SET LOCAL lock_timeout = '900ms'", migrations.RunSQL.noop),
        migrations.AddField(
            "user", "replies_in_conversation", models.BooleanField(db_default=False, default=False, editable=False)
        ),
    ]
