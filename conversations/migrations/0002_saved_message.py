from django.db import migrations


class Migration(migrations.Migration):
    """The model gets the name of the glossary; its table keeps its own, so nothing moves in the database."""

    dependencies = [("conversations", "0001_initial")]

    operations = [migrations.RenameModel("Saved", "SavedMessage")]
