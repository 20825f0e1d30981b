from django.db import migrations, models


class Migration(migrations.Migration):
    """A level at which every message notifies, and since when members have had theirs."""

    dependencies = [("conversations", "0022_reasons_of_mentions")]

    operations = [
        migrations.RunSQL("SET LOCAL lock_timeout = '900ms'", migrations.RunSQL.noop),
        migrations.AddField("membership", "notify_since", models.DateTimeField(null=True)),
        migrations.AlterField(
            "membership",
            "notify",
            models.CharField(
                choices=[
                    ("watch", "Every message"),
                    ("all", "Default"),
                    ("mentions", "Only mentions"),
                    ("nothing", "Nothing (muted)"),
                ],
                db_default="all",
                default="all",
                max_length=10,
            ),
        ),
    ]
