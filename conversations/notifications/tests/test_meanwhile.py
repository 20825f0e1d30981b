"""What happens while something waits, or is being sent: nothing of it is lost, and nothing wrong is sent."""

from datetime import timedelta

import pytest
from django.utils import timezone

from chatsite.deliveries.models import MAX_CLAIMS
from conversations.notifications.fan_out import empty_outbox
from conversations.notifications.models import Notification, NotificationDelivery, NotificationSettings, Outcome
from conversations.notifications.push import courier
from conversations.notifications.push.answers import Result, Sent

pytestmark = pytest.mark.django_db


def outcome(message, user):
    return Notification.objects.get(message=message, user=user).push


def pause(user, **more):
    until = timezone.now() + timedelta(hours=1)
    NotificationSettings.objects.of(user).change(user, paused_until=until, **more)


@pytest.fixture
def meanwhile(monkeypatch):
    """Do something while a push is being sent: `meanwhile(act)`; its service then gives the `answer`."""
    push = courier.push

    def install(act, answer=None):
        def slow(*arguments):
            monkeypatch.setattr(courier, "push", push)
            act()
            return answer or push(*arguments)

        monkeypatch.setattr(courier, "push", slow)

    return install


@pytest.fixture
def send(db):
    """Let one process send what is due, in this thread."""

    def send():
        empty_outbox()
        waiting = NotificationDelivery.objects.waiting().over("push").filter(hold="")
        waiting.update(due_at=timezone.now() - timedelta(seconds=1))
        found = courier.PushCourier()
        for parcel in found.collect(32):
            found.record([(parcel, found.send(parcel))])

    return send


def test_a_browser_that_has_the_first_of_two_messages_gets_the_second(world, subscribe, post, send, service):
    phone, laptop = subscribe(world.ben, "phone"), subscribe(world.ben, "laptop")
    service.answer(phone, 503)
    post(world.direct, world.ana, "One")
    send()
    post(world.direct, world.ana, "Two")
    service.heal(phone)
    send()
    assert [each.pushes[-1]["notification"]["body"] for each in (phone, laptop)] == ["Ana Lima: Two"] * 2


def test_what_passes_a_pause_does_not_wait_for_what_was_held_at_the_same_time(world, subscribe, post, send, meanwhile):
    ben = subscribe(world.ben)
    pause(world.ben, passing=[world.olga.pk])
    world.plans.admit([world.olga])
    post(world.plans, world.ana, "@ben later")
    post(world.plans, world.olga, "@ben now")

    def post_another():
        post(world.plans, world.olga, "@ben now too")
        empty_outbox()

    meanwhile(post_another)
    send()
    send()
    assert [push["notification"]["body"] for push in ben.pushes] == ["@ben now", "@ben now too"]


def test_what_is_held_is_sent_though_another_message_failed(world, subscribe, post, send, service):
    ben = subscribe(world.ben)
    pause(world.ben, passing=[world.olga.pk])
    world.plans.admit([world.olga])
    held, failed = post(world.plans, world.ana, "@ben later"), post(world.plans, world.olga, "@ben now")
    service.answer(ben, 400)
    send()
    assert (outcome(held, world.ben), outcome(failed, world.ben)) == (Outcome.WAITING, Outcome.FAILED)
    service.heal(ben)
    NotificationSettings.objects.of(world.ben).change(world.ben, paused_until=None)
    send()
    assert outcome(held, world.ben) == Outcome.SENT


def test_what_is_added_while_a_push_fails_is_sent(world, subscribe, post, send, meanwhile):
    ben = subscribe(world.ben)
    first, added = post(world.direct, world.ana, "One"), []

    def post_another():
        added.append(post(world.direct, world.ana, "Two"))
        empty_outbox()

    meanwhile(post_another, Sent(Result.REFUSED, "400"))
    send()
    send()
    assert (outcome(first, world.ben), outcome(added[0], world.ben)) == (Outcome.FAILED, Outcome.SENT)
    assert len(ben.pushes) == 1


def test_a_delivery_that_kills_processes_has_failed_for_its_person_too(world, post, send):
    message = post(world.direct, world.ana, "One")
    empty_outbox()
    NotificationDelivery.objects.over("push").update(attempts=MAX_CLAIMS)
    send()
    assert outcome(message, world.ben) == Outcome.FAILED


@pytest.mark.parametrize("change", ["resume", "let pass", "let direct messages pass"])
def test_changing_a_pause_notifies_at_once_of_what_waited(world, subscribe, post, deliver, change):
    ben = subscribe(world.ben)
    pause(world.ben)
    post(world.direct, world.ana, "Hello")
    deliver()
    values = {"resume": {"paused_until": None}, "let pass": {"passing": [world.ana.pk]}}
    chosen = values.get(change, {"direct_passes": True})
    NotificationSettings.objects.of(world.ben).change(world.ben, **chosen)
    deliver(later=timedelta(0))
    assert len(ben.pushes) == 1


def test_a_direct_message_that_mentions_somebody_passes_as_others_do(world, subscribe, post, deliver):
    ben = subscribe(world.ben)
    pause(world.ben, direct_passes=True)
    post(world.direct, world.ana, "@ben hello")
    deliver()
    assert len(ben.pushes) == 1


@pytest.mark.parametrize(
    ("place", "before", "after"),
    [("direct", "Hello @ben", "Hello"), ("town", "Hello @ben", "Hello @all"), ("town", "Hello @all", "Hello @ben")],
)
def test_an_edited_message_that_still_concerns_somebody_is_sent(world, subscribe, post, deliver, place, before, after):
    ben = subscribe(world.ben)
    message = post(getattr(world, place), world.ana, before)
    message.edit(world.ana, after)
    deliver()
    assert [push["notification"]["body"] for push in ben.pushes] == [after]
