from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    """Functions by which search finds more: other forms of letters, versions, and emoji."""

    dependencies = [("conversations", "0008_wording"), ("accounts", "0004_folding")]

    operations = [
        migrations.RunSQL(
            Path(__file__).with_name("0009_search_folding.sql").read_text("utf-8"), migrations.RunSQL.noop
        ),
    ]
