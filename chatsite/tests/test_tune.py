"""`manage.py tune` says what to change and why, and nothing if all is well."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.db import connection


def tune(**options):
    output = io.StringIO()
    call_command("tune", stdout=output, **options)
    return output.getvalue()


@pytest.mark.django_db
def test_the_embedded_server_needs_no_changes_and_bad_settings_are_listed_with_reasons():
    before = tune()
    assert "jit" not in before
    assert "shared_buffers" not in before
    with connection.cursor() as cursor:
        cursor.execute("SET jit = on; SET work_mem = '64kB'; SET synchronous_commit = off; SET random_page_cost = 4")
        cursor.execute("SET log_min_error_statement = error; SET log_error_verbosity = verbose")
    after = tune()
    private = ("log_min_error_statement", "panic", "log_error_verbosity", "terse")
    for words in ("jit", "work_mem", "8 MB", "may lose messages", "random_page_cost", *private):
        assert words in after, words
    with pytest.raises(CommandError, match="to change"):
        tune(check=True)
