"""Listeners, commands and jobs connect directly, even if DATABASE_URL leads to a pooler."""

import pytest
from django.db import connection

from chatsite.jobs.connections import LIMITS, direct_entry, direct_parameters
from chatsite.postgres import database
from chatsite.tests.upgrading.databases import scratch, server, url

LISTENING = "SELECT application_name FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = current_database()"
PAGES = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'pages'"
MIGRATED = "SELECT count(*) FROM django_migrations"


def test_a_direct_connection_has_neither_the_pool_nor_the_limits_of_pages(settings, monkeypatch):
    limits = {
        "pool": {"max_size": 8},
        "prepare_threshold": 0,
        "options": "-c statement_timeout=5s",
        "sslmode": "prefer",
    }
    monkeypatch.setitem(connection.settings_dict, "OPTIONS", limits)
    assert direct_entry()["OPTIONS"] == {"sslmode": "prefer", "options": settings.DATABASE_SESSION}
    assert "statement_timeout" not in LIMITS
    assert direct_parameters()["dbname"] == connection.settings_dict["NAME"]


def test_a_direct_connection_uses_database_direct_url(settings):
    settings.DIRECT_DATABASE = {"HOST": "direct.example.org", "PORT": 5432}
    found = direct_parameters()
    assert (found["host"], found["port"]) == ("direct.example.org", 5432)
    assert connection.settings_dict["HOST"] != "direct.example.org"


@pytest.mark.parametrize(("pages", "direct"), [("", "?sslmode=require"), ("?sslmode=require", "")])
def test_options_of_one_way_to_the_database_do_not_apply_to_the_other(settings, monkeypatch, pages, direct):
    monkeypatch.setattr(database, "DATABASE_URL", f"postgresql://pooler.example.org/chatsite{pages}")
    monkeypatch.setattr(database, "DATABASE_DIRECT_URL", f"postgresql://direct.example.org/chatsite{direct}")
    entry = database.settings()
    assert ("sslmode" in entry.get("OPTIONS", {})) == bool(direct)
    database.serve_pages(entry)
    assert (entry["HOST"], "sslmode" in entry["OPTIONS"]) == ("pooler.example.org", bool(pages))
    settings.DIRECT_DATABASE = database.direct_settings()
    monkeypatch.setitem(connection.settings_dict, "OPTIONS", entry["OPTIONS"])
    assert ("sslmode" in direct_entry()["OPTIONS"]) == bool(direct)


def test_pages_use_database_url_and_listeners_use_database_direct_url(new_site):
    with scratch("direct") as name:
        ways = {way: f"{url(name)}?application_name={way}" for way in ("pages", "direct")}
        new_site.start(DATABASE_URL=ways["pages"], DATABASE_DIRECT_URL=ways["direct"])
        with server(name) as here:
            assert here.execute(MIGRATED).fetchone()[0] > 20
            assert here.execute(PAGES).fetchone()[0] >= 1
            assert [way for (way,) in here.execute(LISTENING)] == ["direct"] * 2, "the hub and the worker"
        new_site.stop()


def test_a_direct_url_without_a_database_url_is_an_error(manage, tmp_path):
    done = manage("check", VAR_DIR=str(tmp_path), DATABASE_DIRECT_URL="postgresql://direct.example.org/chatsite")
    assert done.returncode == 1
    assert "DATABASE_URL, which is missing" in done.stderr
