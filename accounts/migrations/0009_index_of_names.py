from django.db import migrations

# As `both_names` and the lookup `folded` write it.
NAMES = """(
    COALESCE("username", '')
    || COALESCE((COALESCE(' ', '') || COALESCE(COALESCE(NULLIF("display_name", ''), "username"), '')), '')
)"""
FOLDED = f"CASE WHEN octet_length({NAMES}) = length({NAMES}) THEN lower({NAMES}) ELSE public.fold({NAMES}) END"


class Migration(migrations.Migration):
    """An index of the parts of people's names, by which they are found."""

    atomic = False
    dependencies = [
        ("accounts", "0008_choice_for_replies"),
        ("conversations", "0001_initial"),  # which adds the extension pg_trgm
    ]

    operations = [
        migrations.RunSQL(
            f"CREATE INDEX CONCURRENTLY users_names_parts ON users USING gin (({FOLDED}) gin_trgm_ops)",
            "DROP INDEX CONCURRENTLY users_names_parts",
        ),
    ]
