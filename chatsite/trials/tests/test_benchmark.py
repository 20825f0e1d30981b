"""`manage.py benchmark` measures what it says: quickly here, so the numbers themselves mean nothing."""

import json

from chatsite.trials.benchmark import pages
from chatsite.trials.client.site import manage

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


def test_pages_are_measured_beside_the_bare_one_with_their_statements_and_plans():
    ended = manage("benchmark", "pages", "--messages", "2000", "--seconds", "0.02", "--json", "--check")
    [found] = json.loads(ended.stdout)
    by_name = {page["name"]: page for page in found["pages"]}
    assert list(by_name) == pages.NAMES
    assert by_name["bare"]["ratio"] == 1
    assert {name: by_name[name]["statements"] for name in STATEMENTS} == STATEMENTS
    assert all(page["per_second"] > 0 and page["worker_ms"] > 0 for page in found["pages"])
    assert found["whole"]["conversation"] == []
    assert found["worker_mb_under_load"] > 20
    missed = [page for page, least in pages.TARGETS.items() if by_name[page]["ratio"] < least]
    assert [page for page in pages.TARGETS if f"{page}: " in ended.stderr] == missed
    assert ended.returncode == bool(missed or any(found["whole"][page] for page in pages.INDEXED))


def test_a_start_is_measured_with_the_memory_it_takes():
    ended = manage("benchmark", "start")
    assert ended.returncode == 0, ended.stderr
    for words in ("first start s", "start s", "idle worker mb"):
        assert words in ended.stdout


def test_what_is_too_slow_or_reads_a_large_table_as_a_whole_is_a_miss():
    slow = pages.Page("conversation", 10, 0.01, 1, 1, 1, 4, 1000)
    quick = pages.Page("inbox", 1000, 0.9, 1, 1, 1, 2, 1000)
    found = pages.Pages(1000, 100, [slow, quick], {"conversation": [], "inbox": ["messages"]})
    assert found.misses == ["conversation: 0.01 of the bare page, not 0.25", "inbox: reads whole tables (messages)"]
