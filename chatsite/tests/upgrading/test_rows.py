"""A database of release 0.1 loses nothing when it is migrated to the newest schema."""

from io import StringIO

import pytest
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection, transaction
from psycopg import sql

from accounts.models import Audit, Workspace
from chatsite.tests.upgrading.databases import django_on, migrate, restore, schema_once_restored, scratch, server
from conversations.models import Event, Message, SearchIndex

# Tables that `migrate` itself writes to.
WRITTEN_BY_MIGRATE = {"django_migrations", "django_content_type", "auth_permission"}
PLACE = "<class 'accounts.models.place.Place'>"  # the workspace in the admin log of release 0.1
COLUMNS = """
SELECT relname, array_agg(attname::text ORDER BY attnum) FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND attnum > 0 AND NOT attisdropped GROUP BY relname
"""


@pytest.fixture(scope="module")
def upgraded(django_db_setup, django_db_blocker):
    """The name of the migrated small database, its columns before the migration, and its rows: {table: [row, …]}."""
    with scratch("rows") as name, django_db_blocker.unblock():
        restore(name)
        with server(name) as here:
            columns = dict(here.execute(COLUMNS).fetchall())
        before = {table: rows(name, table, columns[table]) for table in columns}
        migrate(name, verbosity=0)
        yield name, columns, before


@pytest.fixture
def django(upgraded, django_db_blocker):
    """Let Django read the migrated database."""
    name, *_ = upgraded
    ContentType.objects.clear_cache()
    with django_db_blocker.unblock(), django_on(name):
        yield
    ContentType.objects.clear_cache()


def rows(name, table, columns):
    columns = sql.SQL(", ").join(map(sql.Identifier, columns))
    statement = sql.SQL("SELECT r::text FROM (SELECT {} FROM {}) r ORDER BY r::text").format(
        columns, sql.Identifier(table)
    )
    with server(name) as here:
        return [row for (row,) in here.execute(statement).fetchall()]


def test_every_row_is_unchanged(upgraded):
    name, columns, before = upgraded
    ours = {
        model._meta.db_table for app in ("accounts", "conversations") for model in apps.get_app_config(app).get_models()
    }
    assert not [table for table in ours & set(before) if not before[table]]  # each has rows to lose
    for table in set(before) - WRITTEN_BY_MIGRATE:
        assert rows(name, table, columns[table]) == before[table], table


def test_the_schema_is_the_same_as_in_a_new_database(upgraded, django_db_blocker):
    name, *_ = upgraded
    with scratch("new") as new, django_db_blocker.unblock(), django_on(new):
        call_command("migrate", verbosity=0)
        assert schema_once_restored(name) == schema_once_restored(new)


def test_the_models_match_the_migrations(django):
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_django_reads_every_row(django):
    for model in apps.get_models():
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(model._meta.db_table)}")  # noqa: S608
            assert len(list(model._base_manager.all())) == cursor.fetchone()[0], model
    assert Audit.objects.first_broken() is None


def test_commands_find_the_data(django):
    assert "412 loaves" in output_of("search", "loaves", "--as=ana")
    assert "Town hall" in output_of("inbox", "ana")
    assert "number 59" in output_of("last_messages", "1")


def test_facts_and_events_of_old_rows_are_filled_in(django):
    with transaction.atomic():
        sentences = {line.pk: line.content for line in Message.objects.filter(is_system=True)}
        assert Message.objects.fill_facts(limit=10_000) == Message.objects.count()
        events = Event.objects.select_related("message", "actor")
        assert {event.verb for event in events} >= {"renamed"}
        assert all(event.actor and event.message.said == sentences[event.message_id] for event in events)
        assert Message.objects.filter(has_link=True).exists()
        assert not Message.objects.filter(html__contains="lines of").exists()
        transaction.set_rollback(True)


def test_words_of_old_rows_are_found_as_before_and_in_other_forms_once_they_are_indexed_again(django):
    assert (found("Größe"), found("grosse")) == ([1], []), "as release 0.1 indexed them"
    assert not SearchIndex.objects.is_complete()
    with transaction.atomic():
        while SearchIndex.objects.reindex():
            pass
        assert found("Größe") == found("grosse") == [1]
        assert found("412") == [1]
        transaction.set_rollback(True)


def found(words):
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM messages WHERE tsv @@ public.search_looks_for(%s, true) ORDER BY id", [words])
        return [pk for (pk,) in cursor.fetchall()]


def output_of(*arguments):
    out = StringIO()
    call_command(*arguments, "--format=json", stdout=out)
    return out.getvalue()


def test_the_admin_log_still_refers_to_existing_models(upgraded, django):
    """A renamed model keeps its content type; otherwise the log would refer to a model that no longer exists."""
    *_, before = upgraded
    assert any(",place)" in row for row in before["django_content_type"])  # named as in release 0.1
    assert LogEntry.objects.count() == len(before["django_admin_log"]) == 5
    assert not [entry for entry in LogEntry.objects.all() if not entry.content_type.model_class()]
    assert not [each for each in ContentType.objects.all() if not each.model_class()]
    assert ContentType.objects.get_for_model(Workspace).pk == LogEntry.objects.get(object_repr=PLACE).content_type_id
