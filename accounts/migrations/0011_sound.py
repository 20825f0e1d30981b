from django.db import migrations, models

SOUNDS = [("", "No sound"), ("chime", "Chime"), ("drop", "Drop"), ("bell", "Bell")]


class Migration(migrations.Migration):
    """The sound of notifications, instead of whether there is one."""

    dependencies = [("accounts", "0010_policy_of_notifications")]

    operations = [
        migrations.RunSQL("SET LOCAL lock_timeout = '900ms'", migrations.RunSQL.noop),
        migrations.AddField(
            "user",
            "sound",
            models.CharField(
                blank=True, choices=SOUNDS, db_default="", default="", max_length=10, verbose_name="Notification sound"
            ),
        ),
        migrations.RunSQL("UPDATE users SET sound = 'chime' WHERE sounds", migrations.RunSQL.noop),
        # The column stays one release longer, for the previous code.
        migrations.SeparateDatabaseAndState(state_operations=[migrations.RemoveField("user", "sounds")]),
    ]
