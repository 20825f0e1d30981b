"""What is due for a person over one channel: the notifications of a claimed delivery, each decided about now."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from conversations.notifications.deciding import decide
from conversations.notifications.facts import Asked, Facts, read_facts
from conversations.notifications.models import Notification, NotificationDelivery, Outcome


@dataclass
class Due:
    """A claimed delivery, and the notifications that it is for, the oldest message first."""

    delivery: NotificationDelivery
    channel: str
    to_send: list[Facts] = field(default_factory=list)
    held: list[tuple[datetime, str]] = field(default_factory=list)

    @property
    def user(self) -> int:
        return self.delivery.user_id

    def conclude(self, outcome: str) -> None:
        """Store what became of what was to be sent, and end the delivery; or let it wait for what is held."""
        self.conclude_notifications(outcome)
        if not self.waits_on():
            self.delivery.finish()

    def fail(self, outcome: str, error: str) -> None:
        """Store that what was to be sent could not be, and give up; or let the delivery wait for what is held."""
        self.conclude_notifications(outcome)
        if not self.waits_on():
            self.delivery.fail(error)

    def try_again_or_fail(self, error: str) -> None:
        if self.delivery.has_attempts_left:
            self.delivery.retry_later(error)
        else:
            self.fail(Outcome.FAILED, error)

    def waits_on(self) -> bool:
        """Let the delivery wait for what is held; return whether anything is."""
        if self.held:
            until, hold = min(self.held)
            self.delivery.postpone(until, hold=hold)
        return bool(self.held)

    @property
    def keys(self) -> list[tuple[int, int]]:
        """The person and the message of each notification that is to be sent."""
        return [(each.user, each.message) for each in self.to_send]

    def conclude_notifications(self, outcome: str) -> None:
        if self.to_send:
            conclude(self.channel, dict.fromkeys(self.keys, outcome))


def read_due(claimed: Collection[NotificationDelivery], channel: str) -> list[Due]:
    """Decide about all that waits for these deliveries, and store what is not to be sent."""
    due = {(each.user_id, each.conversation_id): Due(each, channel) for each in claimed}
    now, concluded = timezone.now(), {}
    for facts in read_facts(waiting_for(claimed, channel)):
        mine = due.get((facts.user, facts.conversation)) or due[facts.user, None]
        verdict = decide(facts, channel, now)
        if verdict.is_to_send:
            mine.to_send.append(facts)
        elif verdict.until:
            mine.held.append((verdict.until, verdict.hold))
        else:
            concluded[facts.user, facts.message] = verdict.outcome
    conclude(channel, concluded)
    return list(due.values())


def conclude_all(due: Collection[Due], outcome: str) -> None:
    """Conclude what is due over one channel, in a few statements unless something is held."""
    for channel in {each.channel for each in due}:
        done = [each for each in due if each.channel == channel and not each.held]
        with transaction.atomic():
            conclude(channel, {key: outcome for each in done for key in each.keys})
            NotificationDelivery.objects.finish_all([each.delivery for each in done])
    for each in due:
        if each.held:
            each.conclude(outcome)


def waiting_for(claimed: Collection[NotificationDelivery], channel: str) -> Iterable[Asked]:
    """Load the notifications that wait for these deliveries."""
    ids = [each.pk for each in claimed]
    is_there = Q(conversation=OuterRef("conversation")) | Q(conversation__isnull=True)
    theirs = NotificationDelivery.objects.filter(is_there, pk__in=ids, user=OuterRef("user"))
    waiting = Notification.objects.waiting(channel).filter(Exists(theirs))
    return [Asked(*row) for row in waiting.values_list("user", "message", "reason", "others")]


def conclude(channel: str, outcomes: dict[tuple[int, int], str]) -> None:
    """Store outcomes, by person and message."""
    by_outcome = defaultdict(list)
    for key, outcome in outcomes.items():
        by_outcome[outcome].append(key)
    for outcome, keys in by_outcome.items():
        Notification.objects.filter(pk__in=keys).conclude(channel, outcome)
