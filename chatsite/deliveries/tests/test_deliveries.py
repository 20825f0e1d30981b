"""How deliveries are claimed, tried again and given up, whoever sends them."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F
from django.test import Client
from django.utils import timezone

from accounts.tests.factories import UserFactory
from chatsite.deliveries import deliverer
from chatsite.deliveries.courier import Courier
from chatsite.deliveries.deliverer import Deliverer
from chatsite.deliveries.models import MAX_ATTEMPTS, MAX_CLAIMS
from conversations.notifications.models import NotificationDelivery

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting(db):
    """Five deliveries, due one after the other in the last five minutes."""
    now = timezone.now()
    return [
        NotificationDelivery.objects.create(user=UserFactory(), channel="push", due_at=now - timedelta(minutes=minutes))
        for minutes in range(5, 0, -1)
    ]


def claim(most=10):
    return NotificationDelivery.objects.all().claim(most)


def again(delivery):
    return NotificationDelivery.objects.get(pk=delivery.pk)


def test_the_longest_due_are_claimed_first_and_by_one_process_alone(waiting):
    first, rest = claim(2), claim()
    assert {each.pk for each in first} == {each.pk for each in waiting[:2]}
    assert {each.pk for each in rest} == {each.pk for each in waiting[2:]}
    assert claim() == []


def test_what_is_not_due_yet_is_not_claimed(waiting):
    NotificationDelivery.objects.update(due_at=timezone.now() + timedelta(seconds=5))
    assert claim() == []
    assert timedelta(seconds=3) < NotificationDelivery.objects.all().wait_for_next() <= timedelta(seconds=5)


def test_a_lease_that_has_ended_lets_another_process_claim_it(waiting):
    [mine] = claim(1)
    NotificationDelivery.objects.filter(pk=mine.pk).update(claimed_until=timezone.now() - timedelta(seconds=1))
    theirs = next(each for each in claim() if each.pk == mine.pk)
    mine.finish()
    assert again(mine).attempts == 2, "the first process has lost it"
    theirs.finish()
    assert not NotificationDelivery.objects.filter(pk=mine.pk).exists()


def test_what_is_added_while_it_is_being_sent_stays(waiting):
    [mine] = claim(1)
    NotificationDelivery.objects.filter(pk=mine.pk).update(additions=F("additions") + 1)
    mine.finish()
    assert (again(mine).claimed_until, again(mine).attempts) == (None, 0)
    [mine] = claim(1)
    mine.finish()
    assert not NotificationDelivery.objects.filter(pk=mine.pk).exists()


def test_a_delivery_is_tried_five_times_with_growing_pauses(waiting):
    waits = []
    NotificationDelivery.objects.exclude(pk=waiting[0].pk).delete()
    for _ in range(MAX_ATTEMPTS):
        [mine] = claim()
        mine.retry_later("no answer")
        if due := again(mine).due_at:
            waits.append(round((due - timezone.now()).total_seconds(), -1))
            NotificationDelivery.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    assert waits == [30, 120, 600, 1800]
    assert again(waiting[0]).error == "no answer"
    assert list(NotificationDelivery.objects.all().failed()) == [waiting[0]]


def test_a_delivery_that_ends_the_processes_that_claim_it_is_given_up(waiting):
    NotificationDelivery.objects.update(attempts=MAX_CLAIMS)
    assert claim() == []
    assert again(waiting[0]).error == "it was claimed, but never finished"


class Broken(Courier):
    """Claims everything, and fails to send it."""

    name = "broken"
    recorded = ()

    @property
    def deliveries(self):
        return NotificationDelivery.objects.all()

    def collect(self, most):
        return self.deliveries.claim(most)

    def send(self, parcel):
        raise ZeroDivisionError

    def record(self, sent):
        for parcel, outcome in sent:
            self.recorded = (*self.recorded, type(outcome))
            parcel.fail("broken")

    def retry(self, failed):
        return failed.update(due_at=timezone.now())


@pytest.fixture
def broken(monkeypatch):
    courier = Broken()
    monkeypatch.setattr(deliverer, "couriers", [courier])
    return courier


def test_an_error_of_a_sender_reaches_its_courier(waiting, broken):
    Deliverer().run_once()
    assert broken.recorded == (ZeroDivisionError,) * 5


def test_commands_send_what_is_due_and_list_and_retry_what_has_failed(waiting, broken, monkeypatch):
    from chatsite.deliveries.management.commands import deliveries

    monkeypatch.setattr(deliveries, "couriers", [broken])
    call_command("deliver", once=True)
    assert listed().count("failed, tried 1 time: broken") == 5
    assert f"broken:{waiting[0].pk}" in listed()
    call_command("deliveries", retry=f"broken:{waiting[0].pk}", stdout=StringIO())
    assert "due at" in listed()
    call_command("deliveries", retry="all", stdout=StringIO())
    assert "failed, tried" not in listed()
    for wrong in ("nonsense", "broken:x", f"broken:{waiting[0].pk}"):
        with pytest.raises(CommandError):
            call_command("deliveries", retry=wrong)


def listed():
    out = StringIO()
    call_command("deliveries", stdout=out)
    return out.getvalue()


def test_readyz_says_for_how_long_the_oldest_has_been_due(waiting):
    assert "deliveries: the oldest has been due for 300 s" in Client().get("/readyz").text
    NotificationDelivery.objects.all().delete()
    assert "deliveries: none is due" in Client().get("/readyz").text
