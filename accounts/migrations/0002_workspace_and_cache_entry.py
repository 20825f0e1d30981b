from django.db import migrations


class Migration(migrations.Migration):
    """Two models get the names of the glossary; their tables keep theirs, so nothing moves in the database."""

    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.RenameModel("Place", "Workspace"),
        migrations.RenameModel("Remembered", "CacheEntry"),
    ]
