"""`has:link` and `has:code` use what the renderer found, and work even where that is not filled in yet."""

import json

import pytest
from django.db import connection

from conversations.models import Message
from conversations.models.search.conditions import has_fact
from conversations.tests.factories import insert, say

LINK = '<p>tune at <a href="https://example.org/" rel="noopener noreferrer nofollow">it</a></p>'
CODE = "<p>tune in <code>x</code></p>"


@pytest.fixture
def talk(world):
    """Messages with links and code, of which the last three are without facts."""
    return {
        "plain": say(world.plans, world.ben, "a plain tune").pk,
        "link": say(world.plans, world.ben, "tune at https://example.org/").pk,
        "code": say(world.plans, world.ben, "tune in `code`").pk,
        "old plain": insert(world.plans, world.ben, "a plain tune", "<p>a plain tune</p>").pk,
        "old link": insert(world.plans, world.ben, "tune at [it](https://example.org/)", LINK).pk,
        "old code": insert(world.plans, world.ben, "tune in `x`", CODE).pk,
    }


@pytest.mark.parametrize("filled", [0, 1, 2, 3])
@pytest.mark.parametrize("analyzed", [False, True])
@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("has:link", {"link", "old link"}),
        ("has:code", {"code", "old code"}),
        ("tune has:link", {"link", "old link"}),
        ("tune -has:link", {"plain", "code", "old plain", "old code"}),
        ("in:plans -has:code", {"plain", "link", "old plain", "old link"}),
        ("has:link has:code", set()),
    ],
)
def test_results_do_not_depend_on_which_facts_are_filled_in(world, find, talk, words, found, filled, analyzed):
    if filled:
        assert Message.objects.fill_facts(limit=filled) == filled
    if analyzed:
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE messages")
    assert set(find(world.ana, words)) == {talk[name] for name in found}


def test_a_message_of_another_program_is_found_after_its_facts_are_filled_in(world, find):
    message = insert(world.plans, world.ben, "tune at https://example.org/")
    Message.objects.fill_facts()
    assert find(world.ana, "has:link") == [message.pk]


@pytest.mark.parametrize("fact", ["link", "code"])
def test_both_forms_of_a_fact_are_one_condition_and_one_has_an_index(world, talk, fact):
    condition = has_fact(f"has_{fact}", f":{fact}")
    by_index, past_index = (
        Message.objects.filter(each).order_by().values("pk") for each in (condition.by_index, condition.past_index)
    )
    assert list(by_index) == list(past_index) != []
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_indexscan = off")
    plans = [json.dumps(json.loads(each.explain(format="json"))) for each in (by_index, past_index)]
    assert [f"messages_has_{fact}" in plan for plan in plans] == [True, False]
    assert "messages_without_facts" in plans[0]
