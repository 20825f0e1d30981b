from django.db import migrations, models


# Code that does not know these columns replaces a text, but not what was found in it.
FORGET_FACTS = """
CREATE FUNCTION messages_forget_facts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.has_link := NULL;
    NEW.has_code := NULL;
    NEW.plain_text := NULL;
    RETURN NEW;
END
$$;
CREATE TRIGGER messages_forget_facts BEFORE UPDATE OF content ON messages FOR EACH ROW WHEN (
    NEW.content <> OLD.content AND NOT NEW.is_system AND OLD.has_link IS NOT NULL
    AND NEW.plain_text IS NOT DISTINCT FROM OLD.plain_text
) EXECUTE FUNCTION messages_forget_facts();
"""
KEEP_FACTS = "DROP TRIGGER messages_forget_facts ON messages; DROP FUNCTION messages_forget_facts();"


class Migration(migrations.Migration):
    """Columns for what the renderer found in a message; NULL where nobody has filled them in."""

    dependencies = [("conversations", "0003_names_of_relations")]

    operations = [
        # Others wait behind the lock of the table: rather fail, to be run again, than wait for a long transaction.
        migrations.RunSQL("SET LOCAL lock_timeout = '900ms'", migrations.RunSQL.noop),
        migrations.AddField("message", "has_link", models.BooleanField(editable=False, null=True)),
        migrations.AddField("message", "has_code", models.BooleanField(editable=False, null=True)),
        migrations.AddField("message", "plain_text", models.TextField(editable=False, null=True)),
        migrations.RunSQL(FORGET_FACTS, KEEP_FACTS),
    ]
