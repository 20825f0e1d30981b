"""The courier of pushes: decides about all that is due for a person in a conversation, and sends it as one push."""

import logging
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import Error

from chatsite.deliveries.courier import Courier
from chatsite.deliveries.models import DeliveryQuerySet
from conversations.models.announcing import announce
from conversations.notifications.due import Due, conclude_all, read_due
from conversations.notifications.fan_out import empty_outbox
from conversations.notifications.models import Channel, Device, NotificationDelivery, Outcome, Reason
from conversations.notifications.push.answers import Result, Sent
from conversations.notifications.push.available import why_not
from conversations.notifications.push.payload import without_words
from conversations.notifications.push.sending import Target, Urgency, push, topic_of
from conversations.notifications.push.writing import PushWriter
from conversations.notifications.retrying import retry

log = logging.getLogger(__name__)

HOUR = 3600
MAX_SECONDS = 30  # in which pushes of a parcel are begun: less than its lease
TOO_LATE = Sent(Result.LATER, "timeout")
CLAIMS = 10  # in a row, as most people of a large conversation may have no device
RELAXED = {Reason.WATCH, Reason.CALL}
MAX_ANNOUNCED = 300  # people in one announcement, which holds 8,000 bytes


@dataclass(frozen=True)
class Parcel:
    """A push for the browsers of one person."""

    due: Due
    copies: list[tuple[Target, bytes]]
    urgency: Urgency
    topic: str


class PushCourier(Courier):
    """Sends pushes, and makes the open pages of people without push show a notice."""

    name = Channel.PUSH.value

    @property
    def deliveries(self) -> DeliveryQuerySet:  # type: ignore[override]
        return NotificationDelivery.objects.over(Channel.PUSH)

    def prepare(self) -> bool:
        return empty_outbox()

    def collect(self, most: int) -> list[Parcel]:
        parcels: list[Parcel] = []
        for _ in range(CLAIMS):
            if len(parcels) == most or not (claimed := self.deliveries.claim(most - len(parcels))):
                break
            parcels += self.pack_all(claimed)
        return parcels

    def pack_all(self, claimed: Sequence[NotificationDelivery]) -> list[Parcel]:
        """Write what is to be sent of these deliveries, and conclude the others."""
        due = read_due(claimed, Channel.PUSH)
        wanted = [each for each in due if each.to_send]
        show_notices(wanted)
        devices = devices_of({each.user for each in wanted})
        writer = PushWriter(wanted)
        parcels: list[Parcel] = []
        nothing_to_send = defaultdict(list)
        for each in due:
            theirs = devices[each.user] if each.to_send else []
            missing = [device for device in theirs if device.pk not in each.delivery.reached]
            if missing:
                parcels += self.packed(each, missing, writer)
            else:
                nothing_to_send[Outcome.SENT if theirs else Outcome.NO_DEVICE].append(each)
        for outcome, finished in nothing_to_send.items():
            conclude_all(finished, outcome)
        return parcels

    def packed(self, due: Due, devices: list[Device], writer: PushWriter) -> list[Parcel]:
        """Write one push; what is wrong with it does not stop the others."""
        try:
            return [pack(due, devices, writer)]
        except Error:
            raise
        except Exception as error:
            log.exception("a push could not be written")
            due.try_again_or_fail(type(error).__name__)
            return []

    def send(self, parcel: Parcel) -> dict[int, Sent]:
        ends = time.monotonic() + MAX_SECONDS
        return {
            target.device: push_copy(parcel, target, copy) if time.monotonic() < ends else TOO_LATE
            for target, copy in parcel.copies
        }

    def record(self, sent: Sequence[tuple[Parcel, Any]]) -> None:
        """Store what the push services answered: together for the pushes that all browsers of their person have."""
        answers = [(parcel, answers_of(parcel, outcome)) for parcel, outcome in sent]
        NotificationDelivery.objects.lock(parcel.due.delivery for parcel, _ in sent)
        Device.objects.learn(dict(answer for _, theirs in answers for answer in theirs.items()))
        done = [parcel.due for parcel, theirs in answers if all(each.result == Result.SENT for each in theirs.values())]
        conclude_all(done, Outcome.SENT)
        for parcel, theirs in answers:
            if parcel.due not in done:
                self.conclude(parcel, theirs)

    def conclude(self, parcel: Parcel, outcome: dict[int, Sent]) -> None:
        """End a delivery; if a push service asks to come back, send only to the browsers that are missing."""
        delivery, answers = parcel.due.delivery, list(outcome.values())
        reached = [*delivery.reached, *(pk for pk, sent in outcome.items() if sent.result == Result.SENT)]
        later = next((sent for sent in answers if sent.result == Result.LATER), None)
        if later and delivery.has_attempts_left:
            delivery.retry_later(later.words, later.wait_seconds, reached=reached)
        elif reached:
            parcel.due.conclude(Outcome.SENT)
        elif all(sent.result == Result.GONE for sent in answers):
            parcel.due.conclude(Outcome.NO_DEVICE)
        else:
            parcel.due.fail(Outcome.FAILED, answers[0].words)

    def retry(self, failed: DeliveryQuerySet) -> int:
        return retry(failed, Channel.PUSH)


def devices_of(users: set[int]) -> dict[int, list[Device]]:
    """Load the devices of people that can be reached, by person."""
    found = defaultdict(list)
    if users and not why_not():
        for device in Device.objects.alive(users):
            if device.key.is_readable:  # else its page subscribes again
                found[device.user_id].append(device)
    return found


def pack(due: Due, devices: list[Device], writer: PushWriter) -> Parcel:
    copies = writer.write(due, devices)
    topic = topic_of(due.user, due.to_send[-1].conversation)
    reasons = {facts.reason for facts in due.to_send}
    urgency = Urgency("normal", 4 * HOUR) if reasons <= RELAXED else Urgency("high", 24 * HOUR)
    return Parcel(due, [(target_of(each), copies[each.pk]) for each in devices], urgency, topic)


def answers_of(parcel: Parcel, outcome: Any) -> dict[int, Sent]:
    """Return what the push services answered, by device; `outcome` may be an exception."""
    if not isinstance(outcome, BaseException):
        return outcome
    log.error("a push failed", exc_info=outcome)
    return {target.device: Sent(Result.LATER, type(outcome).__name__) for target, _ in parcel.copies}


def target_of(device: Device) -> Target:
    return Target(device.pk, device.endpoint, bytes(device.p256dh), bytes(device.auth), device.key.decrypted())


def push_copy(parcel: Parcel, target: Target, copy: bytes) -> Sent:
    """Send a push to one browser, without the words of the message if its service finds it too large."""
    sent = push(target, copy, parcel.urgency, parcel.topic)
    if sent.result == Result.TOO_LARGE:
        sent = push(target, without_words(copy), parcel.urgency, parcel.topic)
    return sent


def show_notices(due: list[Due]) -> None:
    """Make the open pages of these people show a notice, unless their browser receives pushes; once, not at retries."""
    people = defaultdict(list)
    for each in due:
        if each.delivery.attempts == 1:
            people[each.to_send[-1].message].append(each.user)
    for message, users in people.items():
        for start in range(0, len(users), MAX_ANNOUNCED):
            announce("notice", message, *users[start : start + MAX_ANNOUNCED])
