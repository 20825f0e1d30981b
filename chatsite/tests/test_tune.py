"""`manage.py tune` says what to change, and nothing where there is nothing."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.db import connection


def tune(**options):
    said = io.StringIO()
    call_command("tune", stdout=said, **options)
    return said.getvalue()


@pytest.mark.django_db
def test_our_own_server_begins_with_good_settings_and_what_differs_is_told_with_its_reason():
    before = tune()
    assert "jit" not in before
    assert "shared_buffers" not in before
    with connection.cursor() as cursor:
        cursor.execute("SET jit = on; SET work_mem = '64kB'; SET synchronous_commit = off; SET random_page_cost = 4")
    after = tune()
    for words in ("jit", "work_mem", "8 MB", "may lose messages", "random_page_cost"):
        assert words in after, words
    with pytest.raises(CommandError, match="to change"):
        tune(check=True)
