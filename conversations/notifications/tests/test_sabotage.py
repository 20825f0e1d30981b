"""The test of the promises of notifications finds each fault: here are some, and every one makes it fail."""

import os
from copy import copy
from dataclasses import replace

import pytest
from django.db import DatabaseError
from django.db.models import Q
from django.db.models.functions import Now
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from chatsite.deliveries.models import Delivery, DeliveryQuerySet
from conversations.notifications import deciding, due, fan_out
from conversations.notifications.facts import Facts
from conversations.notifications.models.delivery import NotificationDeliveryQuerySet
from conversations.notifications.tests.test_promises import EVENTS, happen, subscribed

__all__ = ["subscribed"]
pytestmark = [pytest.mark.django_db, pytest.mark.slow]
MAX_EXAMPLES = 150


def sees_other(change):
    """Let the rules see other facts."""
    decide = deciding.decide
    return due, "decide", lambda facts, channel, now: decide(change(facts), channel, now)


def blind(**facts):
    return sees_other(lambda found: replace(found, **facts))


def ignores(**chosen):
    """Let the rules ignore what somebody has chosen."""

    def without(facts):
        settings = copy(facts.settings)
        for name, value in chosen.items():
            setattr(settings, name, value)
        return replace(facts, settings=settings)

    return sees_other(without)


def levels(**others):
    return sees_other(lambda facts: replace(facts, level=others.get(facts.level, facts.level)))


def other_query(words, others):
    assert words in fan_out.NOTIFY
    return fan_out, "NOTIFY", fan_out.NOTIFY.replace(words, others)


def fail_all(self, outcome, error):
    self.conclude_notifications(outcome)
    self.delivery.fail(error)


def postpone_all(self, until, **values):
    self.as_claimed().update(**self.fresh() | {"due_at": until} | values)


def delete_all(self, deliveries):
    for each in deliveries:
        each.as_claimed().delete()


def finish_others(self, deliveries):
    for each in deliveries:
        row = self.filter(pk=each.pk)
        if not row.filter(additions=each.additions).delete()[0]:
            row.update(due_at=Now(), **each.fresh())


FAULTS = {
    "deleted messages are sent": lambda: blind(deleted_at=None),
    "invisible messages are sent": lambda: blind(is_visible=True),
    "removed mentions are sent": lambda: blind(was_edited=False),
    "what was read is sent": lambda: (Facts, "is_read", False),
    "only the marker counts as reading": lambda: blind(is_mentioned=False),
    "muted conversations notify": lambda: levels(nothing="all"),
    "muted threads notify": lambda: blind(is_thread_muted=False),
    "the level is ignored": lambda: levels(mentions="watch", all="watch"),
    "what is switched off is sent": lambda: ignores(push_off=[]),
    "weaker reasons do not count": lambda: blind(others=""),
    "quiet hours are ignored": lambda: ignores(quiet=[]),
    "pauses are ignored": lambda: ignores(paused_until=None),
    "nobody passes": lambda: ignores(direct_passes=False, passing=[]),
    "nothing is direct": lambda: blind(is_direct=False),
    "other reasons do not count after an edit": lambda: (deciding, "concerns_anyway", lambda _facts: False),
    "people are notified again": lambda: other_query("earlier.push = ANY(%(reached)s)", "false"),
    "the weakest reason counts": lambda: other_query("ORDER BY rank)", "ORDER BY rank DESC)"),
    "edits notify everyone": lambda: other_query("AND NOT %(is_edit)s", "AND (NOT %(is_edit)s OR true)"),
    "authors are notified": lambda: other_query("IS DISTINCT FROM message.user_id", "IS NOT NULL"),
    "deactivated people are notified": lambda: other_query("SELECT is_active FROM", "SELECT true FROM"),
    "followers who mute a thread are notified": lambda: other_query("WHERE NOT muted", "WHERE true"),
    "browsers miss what is added to a retry": lambda: other_query(" reached = '{}',", ""),
    "additions to what is sent are forgotten": lambda: (NotificationDeliveryQuerySet, "finish_all", delete_all),
    "additions to what fails are forgotten": lambda: (Delivery, "as_it_was", Delivery.as_claimed),
    "additions wait for the end of quiet hours": lambda: (Delivery, "postpone", postpone_all),
    "held ones are forgotten at a failure": lambda: (due.Due, "fail", fail_all),
    "changed settings change nothing that waits": lambda: (
        NotificationDeliveryQuerySet,
        "decide_again",
        lambda *_: None,
    ),
    "claims are shared": lambda: (DeliveryQuerySet, "due", lambda self: self.waiting().filter(due_at__lte=Now())),
    "leases never end": lambda: (
        DeliveryQuerySet,
        "due",
        lambda self: self.waiting().filter(Q(claimed_until=None), due_at__lte=Now()),
    ),
    "a slow process ends the claim of another": lambda: (NotificationDeliveryQuerySet, "finish_all", finish_others),
}


# All of them take a quarter of an hour: SABOTAGE=all make test-slow FILE=…; otherwise some of each kind.
CHOSEN = FAULTS if os.environ.get("SABOTAGE") == "all" else list(FAULTS)[::7]


@pytest.mark.parametrize("fault", CHOSEN)
def test_each_fault_is_found(subscribed, monkeypatch, fault):
    monkeypatch.setattr(*FAULTS[fault]())

    @settings(
        max_examples=MAX_EXAMPLES,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(events=st.lists(EVENTS, min_size=40, max_size=60))
    def everyone_is_notified_as_the_rules_say(events):
        happen(subscribed, monkeypatch, events)

    with pytest.raises((AssertionError, KeyError, DatabaseError)):
        everyone_is_notified_as_the_rules_say()
