from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    """A function that folds words, by which names and messages are found."""

    dependencies = [("accounts", "0003_wording")]

    operations = [
        migrations.RunSQL(Path(__file__).with_name("0004_folding.sql").read_text("utf-8"), migrations.RunSQL.noop),
    ]
