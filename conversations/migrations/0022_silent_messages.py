from django.db import migrations, models


class Migration(migrations.Migration):
    """System messages that leave their conversation read, such as that somebody joined."""

    dependencies = [("conversations", "0021_beginning_of_text_files")]

    operations = [
        migrations.RunSQL("SET LOCAL lock_timeout = '900ms'", migrations.RunSQL.noop),
        migrations.AddField(
            "message", "is_silent", models.BooleanField(db_default=False, default=False, editable=False)
        ),
        migrations.AlterField(
            model_name='event',
            name='verb',
            field=models.CharField(choices=[('renamed', 'Renamed'), ('opened', 'Opened'), ('closed', 'Closed'), ('archived', 'Archived'), ('unarchived', 'Unarchived'), ('role changed', 'Role Changed'), ('removed', 'Removed'), ('restored', 'Restored'), ('joined', 'Joined'), ('asked to rejoin', 'Asked To Rejoin'), ('readmitted', 'Readmitted'), ('history limited', 'History Limited'), ('history unlimited', 'History Unlimited'), ('forgotten', 'Forgotten')], max_length=20),
        ),
    ]
