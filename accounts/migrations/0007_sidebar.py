from django.db import migrations, models

ORDERS = [("", "The most recently active first"), ("name", "By name")]


class Migration(migrations.Migration):
    """How a person's sidebar is ordered, and whether it shows the newest messages."""

    dependencies = [("accounts", "0006_all_people_have_an_address")]

    operations = [
        migrations.RunSQL("SET LOCAL lock_timeout = '900ms'", migrations.RunSQL.noop),
        migrations.AddField(
            "user",
            "sidebar_order",
            models.CharField(blank=True, choices=ORDERS, db_default="", default="", max_length=10),
        ),
        migrations.AddField(
            "user",
            "unread_first",
            models.BooleanField(db_default=False, default=False, verbose_name="Unread conversations first"),
        ),
        migrations.AddField(
            "user",
            "comfortable",
            models.BooleanField(
                db_default=False,
                default=False,
                verbose_name="Comfortable: show the beginning of the newest message",
            ),
        ),
    ]
