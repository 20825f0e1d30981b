"""The courier of mails: one mail for a person about all they have not seen, and not too many of them."""

import logging
from abc import abstractmethod
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.mail import EmailMessage
from django.db import Error
from django.utils import timezone

from accounts.models import User
from chatsite.deliveries.courier import Courier
from chatsite.deliveries.models import DeliveryQuerySet
from conversations.models import Conversation, Message
from conversations.notifications.due import Due, read_due
from conversations.notifications.mail import sending
from conversations.notifications.mail.contents import Entry, Group
from conversations.notifications.mail.reasons import why
from conversations.notifications.mail.sending import State
from conversations.notifications.mail.writing import write
from conversations.notifications.models import Channel, Hold, NotificationDelivery, NotificationSettings, Outcome
from conversations.notifications.retrying import retry

log = logging.getLogger(__name__)

BATCH_MAILS = 20  # over one connection
PAUSE = timedelta(minutes=15)  # between two mails to one person
MAX_MAILS = 8  # to one person in a day
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Envelope:
    """A mail, and what to do when it is known what became of it."""

    mail: EmailMessage
    person: int
    address: str
    record: Callable[[sending.Outcome], None]


class Mailing(Courier):
    """Sends mails in batches, each over one connection."""

    max_parcels = 3  # connections to the mail server

    @property
    def deliveries(self) -> DeliveryQuerySet:  # type: ignore[override]
        return NotificationDelivery.objects.over(self.name)

    def collect(self, most: int) -> list[list[Envelope]]:
        batches: list[list[Envelope]] = []
        while len(batches) < most and (claimed := self.deliveries.claim(BATCH_MAILS)):
            if envelopes := self.write_due(claimed):
                batches.append(envelopes)
        return batches

    @abstractmethod
    def write_due(self, claimed: Sequence[NotificationDelivery]) -> list[Envelope]:
        """Write what is to be sent of these deliveries, and conclude the others."""

    def send(self, parcel: list[Envelope]) -> list[sending.Outcome]:
        return sending.send([each.mail for each in parcel])

    def record(self, sent: Sequence[tuple[list[Envelope], Any]]) -> None:
        for parcel, outcome in sent:
            if isinstance(outcome, BaseException):
                log.error("mails failed", exc_info=outcome)
                outcome = [sending.Outcome(State.AGAIN, type(outcome).__name__)] * len(parcel)
            for envelope, found in zip(parcel, outcome, strict=True):
                NotificationSettings.objects.learn(envelope.person, envelope.address, found.state, found.is_address)
                envelope.record(found)


class MailCourier(Mailing):
    """Sends mails about messages."""

    name = Channel.MAIL.value

    def write_due(self, claimed: Sequence[NotificationDelivery]) -> list[Envelope]:
        envelopes = []
        for due in read_due(claimed, Channel.MAIL):
            if due.to_send and (until := limited_until(due)):
                due.delivery.postpone(until, hold=Hold.LIMIT)
            elif due.to_send:
                envelopes += written(due)
            else:
                due.conclude(Outcome.DELETED)
        return envelopes

    def retry(self, failed: DeliveryQuerySet) -> int:
        return retry(failed, Channel.MAIL)


def written(due: Due) -> list[Envelope]:
    """Write one mail; what is wrong with it does not stop the others."""
    try:
        if envelope := envelope_for(due):
            return [envelope]
        due.conclude(Outcome.DELETED)
    except Error:
        raise
    except Exception as error:
        log.exception("a mail could not be written")
        due.try_again_or_fail(type(error).__name__)
    return []


def limited_until(due: Due) -> datetime | None:
    """Return when the person may get the next mail; None if now."""
    now = timezone.now()
    sent = sorted(at for at in due.to_send[0].settings.mailed_at if at > now - DAY)
    if len(sent) >= MAX_MAILS:
        return sent[-MAX_MAILS] + DAY
    return sent[-1] + PAUSE if sent and sent[-1] + PAUSE > now else None


def envelope_for(due: Due) -> Envelope | None:
    """Write the mail about what is due for a person; None if nothing of it is left."""
    facts = due.to_send[-1]
    groups = groups_of(due)
    if not groups:
        return None
    mail = write(
        facts.person,
        groups,
        workspace=facts.workspace.name,
        why=why(facts.settings, facts.person),
        shows=facts.settings.shown_in(facts.workspace),
    )
    return Envelope(mail, facts.user, facts.person.email, lambda found: record(due, found))


def groups_of(due: Due) -> list[Group]:
    """Load the messages of a mail by conversation, as the person sees both."""
    person = due.to_send[-1].person
    reasons = {facts.message: facts.reason for facts in due.to_send}
    messages = Message.objects.visible_to(person).filter(pk__in=reasons).with_extras().oldest_first()
    return grouped(person, [Entry(message, reasons[message.pk]) for message in messages])


def grouped(person: User, entries: Iterable[Entry]) -> list[Group]:
    """Put messages together by conversation, with the names by which the person knows those."""
    found: dict[int, list[Entry]] = {}
    for entry in entries:
        found.setdefault(entry.message.conversation_id, []).append(entry)
    known = Conversation.objects.visible_to(person).as_seen_by(person).in_bulk(list(found))
    return [Group(pk, known[pk].name, theirs) for pk, theirs in found.items() if pk in known]


def record(due: Due, found: sending.Outcome) -> None:
    """Store what became of a mail."""
    if found.state == State.SENT:
        due.conclude(Outcome.SENT)
    elif found.state == State.REFUSED:
        due.fail(Outcome.REFUSED if found.is_address else Outcome.FAILED, found.why)
    elif due.delivery.has_attempts_left:
        due.delivery.retry_later(found.why)
    else:
        due.fail(Outcome.FAILED, found.why)
