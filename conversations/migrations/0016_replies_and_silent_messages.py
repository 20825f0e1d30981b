from django.db import migrations, models


class Migration(migrations.Migration):
    """Replies that are only in their thread, and system messages that leave their conversation read."""

    dependencies = [("conversations", "0015_index_of_unseen_mentions")]

    operations = [
        migrations.RunSQL("SET LOCAL lock_timeout = '900ms'", migrations.RunSQL.noop),
        migrations.AddField(
            "message", "in_conversation", models.BooleanField(db_default=True, default=True, editable=False)
        ),
        migrations.AddField(
            "message", "is_silent", models.BooleanField(db_default=False, default=False, editable=False)
        ),
        migrations.AlterField(
            model_name='event',
            name='verb',
            field=models.CharField(choices=[('renamed', 'Renamed'), ('opened', 'Opened'), ('closed', 'Closed'), ('archived', 'Archived'), ('unarchived', 'Unarchived'), ('role changed', 'Role Changed'), ('removed', 'Removed'), ('restored', 'Restored'), ('joined', 'Joined'), ('asked to rejoin', 'Asked To Rejoin'), ('readmitted', 'Readmitted'), ('history limited', 'History Limited'), ('history unlimited', 'History Unlimited'), ('forgotten', 'Forgotten')], max_length=20),
        ),
    ]
