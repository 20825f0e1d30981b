"""Whatever people do and whichever processes die: nobody is notified wrongly, twice or never."""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models.limits import unlimited
from conversations.notifications.tests.scenario import Scenario

pytestmark = pytest.mark.django_db
COMMON = ["post", "post", "post", "notify", "time_passes", "collect", "collect", "send", "send", "deliver"]
PEOPLE = ["reply", "reply_in_thread", "edit", "edit", "delete", "restore", "read", "unread", "read_thread"]
CHOICES = ["level", "level", "mute_thread", "leave", "join", "deactivate", "choose", "choose"]
TROUBLE = ["crash", "leases_end", "service_answers"]
EVENTS = st.tuples(st.sampled_from(COMMON + PEOPLE + CHOICES + TROUBLE), *[st.integers(0, 999)] * 4)


@pytest.fixture
def subscribed(world, subscribe):
    """Ana has two browsers that receive pushes, Ben has one, Olga none."""
    world.plans.admit([world.olga])
    for person in (world.ana, world.ana, world.ben):
        subscribe(person)
    return world


def happen(world, monkeypatch, events):
    """Let events happen, and forget them."""
    try:
        with transaction.atomic(), unlimited(), monkeypatch.context() as patch:
            scenario = Scenario(world, patch)
            for event in events:
                scenario.do(*event)
            scenario.do("settle")
            raise Forgotten
    except Forgotten:
        pass


class Forgotten(Exception):
    pass


@settings(max_examples=15, suppress_health_check=list(HealthCheck))
@given(events=st.lists(EVENTS, min_size=40, max_size=60))
def test_everyone_is_notified_as_the_rules_say(subscribed, monkeypatch, events):
    happen(subscribed, monkeypatch, events)
