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
    ("asked to rejoin", "Asked To Rejoin"),
    ("readmitted", "Readmitted"),
    ("history limited", "History Limited"),
    ("history unlimited", "History Unlimited"),
    ("forgotten", "Forgotten"),
]


class Migration(migrations.Migration):
    """What conversations and memberships say about earlier messages, and former members about rejoining."""

    dependencies = [("conversations", "0010_search_index")]

    operations = [
        migrations.RunSQL("SET LOCAL lock_timeout = '900ms'", migrations.RunSQL.noop),
        migrations.AddField(
            "conversation",
            "history_from_joining",
            models.BooleanField(db_default=False, default=False, editable=False),
        ),
        migrations.AddField("membership", "history_from", models.DateTimeField(null=True)),
        migrations.AddField("formermember", "revision", models.BigIntegerField(null=True)),
        migrations.AddField("formermember", "requested_at", models.DateTimeField(null=True)),
        migrations.AddField("formermember", "declined_at", models.DateTimeField(null=True)),
        migrations.AlterField("event", "verb", models.CharField(choices=VERBS, max_length=20)),
    ]
