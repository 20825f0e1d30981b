from django.db import migrations, models


class Migration(migrations.Migration):
    """The first lines of text files, which pages show."""

    dependencies = [("conversations", "0020_default_conversations")]

    operations = [
        migrations.RunSQL("SET LOCAL lock_timeout = '900ms'", migrations.RunSQL.noop),
        migrations.AddField("attachment", "beginning", models.TextField(null=True)),
    ]
