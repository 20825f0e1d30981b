"""`manage.py benchmark` measures what it says: quickly here, so the numbers themselves mean nothing."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from chatsite.trials import pages

STATEMENTS = {
    "bare": 1,
    "conversation": 4,
    "older page": 4,
    "inbox": 2,
    "changes": 2,
    "static file": 0,
    "health": 1,
    "post": 5,
}


def test_pages_are_measured_beside_the_bare_one_with_their_statements_and_plans(monkeypatch):
    monkeypatch.setitem(pages.TARGETS, "conversation", 1000)
    said = io.StringIO()
    with pytest.raises(CommandError, match=r"conversation: .* of the bare page, not 1000"):
        call_command("benchmark", "pages", messages=2000, seconds=0.2, json=True, check=True, stdout=said)
    [found] = json.loads(said.getvalue())
    by_name = {page["name"]: page for page in found["pages"]}
    assert list(by_name) == pages.NAMES
    assert by_name["bare"]["ratio"] == 1
    assert {name: by_name[name]["statements"] for name in STATEMENTS} == STATEMENTS
    assert all(page["per_second"] > 0 and page["worker_ms"] > 0 for page in found["pages"])
    assert found["whole"]["conversation"] == []
    assert found["worker_mb_under_load"] > 20


def test_a_start_is_measured_with_the_memory_it_takes():
    said = io.StringIO()
    call_command("benchmark", "start", stdout=said)
    for words in ("first start s", "start s", "idle worker mb"):
        assert words in said.getvalue()
