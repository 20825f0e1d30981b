from django.db import migrations, models


class Migration(migrations.Migration):
    """Columns for what the renderer found in a message; NULL where nobody has filled them in."""

    dependencies = [("conversations", "0003_names_of_relations")]

    operations = [
        # Others wait behind the lock of the table: rather fail, to be run again, than wait for a long transaction.
        migrations.RunSQL("SET LOCAL lock_timeout = '900ms'", migrations.RunSQL.noop),
        migrations.AddField("message", "has_link", models.BooleanField(editable=False, null=True)),
        migrations.AddField("message", "has_code", models.BooleanField(editable=False, null=True)),
    ]
