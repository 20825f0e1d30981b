from django.db import migrations, models


class Migration(migrations.Migration):
    """Which conversations are favourites of their members."""

    dependencies = [("conversations", "0013_index_of_history")]

    operations = [
        migrations.RunSQL("SET LOCAL lock_timeout = '900ms'", migrations.RunSQL.noop),
        migrations.AddField("membership", "is_favourite", models.BooleanField(db_default=False, default=False)),
    ]
