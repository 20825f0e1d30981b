from django.db import migrations, models

# In a migration of its own, after that of the functions: messages that are being stored by the earlier functions may
# have ids beyond the highest visible one, but hardly 100,000 beyond.
BEGIN = "INSERT INTO search_index (id, indexed_from) SELECT 1, coalesce(max(id), 0) + 100000 FROM messages"


class Migration(migrations.Migration):
    """A row that says which messages still have to be indexed again."""

    dependencies = [("conversations", "0009_search_folding")]

    operations = [
        migrations.CreateModel(
            name="SearchIndex",
            fields=[
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("indexed_from", models.BigIntegerField()),
            ],
            options={"db_table": "search_index"},
        ),
        migrations.RunSQL(BEGIN, migrations.RunSQL.noop),
    ]
