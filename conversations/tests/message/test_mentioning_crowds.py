"""Mentions of everybody in large conversations: who may notify so many people."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.tests.factories import UserFactory
from conversations.models.message import mentioning
from conversations.models.message.mentioning import TooManyNotified
from conversations.tests.factories import say
from conversations.tests.message.test_mentions import notified

GROUP_WORDS = "Only owners can notify more than 2 people at once."


@pytest.fixture
def crowd(garden, monkeypatch):
    """A conversation of Ana with more members than everybody may notify."""
    monkeypatch.setattr(mentioning, "MAX_NOTIFIED", 2)
    garden.admit(UserFactory.create_batch(3))
    return garden


def test_only_those_who_own_a_large_conversation_notify_all_of_it(world, crowd, boss):
    for words in ("@all", "now @Here", "**@all**"):
        with pytest.raises(TooManyNotified, match=GROUP_WORDS):
            say(crowd, world.ben, words)
    say(crowd, world.ben, "@ana and `@all`")
    assert say(crowd, world.ana, "@all").group_call
    message = say(crowd, world.ben, "some words")
    with pytest.raises(TooManyNotified):
        message.edit(world.ben, "some words @all")
    assert not crowd.messages.filter(content__contains="some words @all").exists()
    crowd.admit([boss])
    assert say(crowd, boss, "@all").group_call, "an owner of the workspace who is a member"


def test_an_edit_that_takes_a_group_out_of_code_notifies_it(world, crowd):
    message = say(crowd, world.ben, "write `@all`")
    with pytest.raises(TooManyNotified):
        message.edit(world.ben, "write @all")
    message = say(crowd, world.ana, "write `@all`")
    message.edit(world.ana, "write @all")
    assert message.group_call


def test_a_small_conversation_is_notified_by_everybody(world):
    assert notified(say(world.plans, world.ben, "@all")) == ["ana"]


def test_a_message_that_would_notify_too_many_stays_in_the_box(world, crowd, as_):
    answer = as_(world.ben).post(f"/c/{crowd.pk}/messages/", {"content": "hello @all", "client_key": uuid4()})
    assert answer.status_code == 422
    assert GROUP_WORDS in answer.content.decode()
    assert answer.context["form"]["content"].value() == "hello @all"


def test_a_message_to_nobody_in_particular_asks_nothing_about_the_crowd(world, crowd):
    with CaptureQueriesContext(connection) as captured:
        say(crowd, world.ben, "words")
    assert not [query for query in captured if "OFFSET 2" in query["sql"]]
