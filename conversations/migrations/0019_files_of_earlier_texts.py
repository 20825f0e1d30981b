from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models


class Migration(migrations.Migration):
    """Which files a message had before an edit changed them."""

    dependencies = [("conversations", "0018_thread_followers")]

    operations = [
        migrations.RunSQL("SET LOCAL lock_timeout = '900ms'", migrations.RunSQL.noop),
        migrations.AddField("earliertext", "file_names", ArrayField(models.TextField(), null=True)),
    ]
