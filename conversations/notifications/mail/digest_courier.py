"""The courier of digests: each person who wants one has one delivery, which is due again a day or a week later."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings as site
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.models import User, Workspace
from accounts.models.signed_in import signed_in_people
from chatsite.deliveries.models import DeliveryQuerySet
from conversations.models import Conversation, Membership, Mention, Message, Reaction
from conversations.models.conversation.membership import Notify
from conversations.models.counting import CappedCount
from conversations.models.inbox.inbox_filter import InboxFilter
from conversations.notifications.facts import read_confirmed
from conversations.notifications.mail import sending
from conversations.notifications.mail.contents import Entry
from conversations.notifications.mail.courier import Envelope, Mailing, grouped
from conversations.notifications.mail.digest import Digest, UnreadConversation, write_digest
from conversations.notifications.mail.reasons import why_digest
from conversations.notifications.mail.sending import State
from conversations.notifications.models import NotificationDelivery, NotificationSettings, Reason
from conversations.notifications.wall_clock import next_digest

PERIODS = {"daily": timedelta(days=1), "weekly": timedelta(days=7)}
MAX_MENTIONS, MAX_DIRECT, MAX_TOP = 20, 10, 3


class DigestCourier(Mailing):
    """Sends digests to people who have not been here since the last one."""

    name = NotificationDelivery.Kind.DIGEST.value

    def write_due(self, claimed: Sequence[NotificationDelivery]) -> list[Envelope]:
        people = (
            signed_in_people().active().filter(lacks_second_factor=False).in_bulk([each.user_id for each in claimed])
        )
        envelopes = []
        for delivery in claimed:
            person = people.get(delivery.user_id)
            envelope = envelope_for(delivery, person) if person else None
            if envelope:
                envelopes.append(envelope)
            else:
                wait(delivery, person)
        return envelopes

    def retry(self, failed: DeliveryQuerySet) -> int:
        return failed.update(due_at=timezone.now(), **NotificationDelivery.fresh())


def wait(delivery: NotificationDelivery, person: User | None) -> None:
    """Let a delivery wait for the next digest; end it if the person wants none any more."""
    due = next_digest_of(NotificationSettings.objects.of(person), person) if person else None
    if due:
        delivery.postpone(due)
    else:
        delivery.finish()


def next_digest_of(chosen: NotificationSettings, person: User) -> datetime | None:
    zone = ZoneInfo(person.time_zone)
    return next_digest(chosen.digest, chosen.digest_day, chosen.digest_hour, zone, timezone.now())


def schedule(person: User) -> None:
    """Set when the next digest of a person is due, after they changed their settings."""
    due = next_digest_of(NotificationSettings.objects.of(person), person)
    mine = NotificationDelivery.objects.over(NotificationDelivery.Kind.DIGEST).filter(user=person)
    if due is None:
        mine.delete()
    elif not mine.update(due_at=due, **NotificationDelivery.fresh()):
        new = NotificationDelivery(user=person, channel=NotificationDelivery.Kind.DIGEST, due_at=due)
        NotificationDelivery.objects.bulk_create([new], ignore_conflicts=True)


def envelope_for(delivery: NotificationDelivery, person: User) -> Envelope | None:
    """Write the digest of a person, unless there is nothing new, they have been here, or mail can't reach them."""
    chosen, workspace = NotificationSettings.objects.of(person), Workspace.objects.current()
    period = PERIODS.get(chosen.digest)
    is_reachable = site.MAIL and workspace.allows_mail and read_confirmed({person.pk})
    if not period or not is_reachable or chosen.is_refused(person.email):
        return None
    since = timezone.now() - period
    if User.objects.filter(pk=person.pk).seen_since(since).exists():
        return None
    mail = write_digest(
        person,
        read_digest(person, chosen.digest, since),
        now=timezone.now(),
        workspace=workspace.name,
        why=why_digest(chosen, person),
        shows=chosen.shown_in(workspace),
    )
    if mail is None:
        return None
    return Envelope(mail, person.pk, person.email, lambda found: record(delivery, person, found))


def read_digest(person: User, rule: str, since: datetime) -> Digest:
    """Read what a person has not seen: mentions, direct messages, and what others discussed where they chose to."""
    visible = Message.objects.visible_to(person)
    muted = Membership.objects.filter(user=person, notify=Notify.NOTHING).values("conversation")
    latest = visible.exclude(conversation__in=muted).mentioning(person, None, MAX_MENTIONS).with_extras()
    mentions = [message for message in latest if getattr(message, "seen_at", None) is None]
    named = set(
        Mention.objects.filter(user=person, message__in=mentions, reason="mention").values_list("message", flat=True)
    )
    direct = Conversation.objects.joined_by(person).filter(InboxFilter.UNREAD.condition(person), kind="direct")
    unread = [
        UnreadConversation(each.pk, each.name, each.unread)
        for each in direct.with_what_counts(person).by_activity()[:MAX_DIRECT]
        if each.unread
    ]
    reasons = {True: Reason.MENTION, False: Reason.CALL}
    mentioned = grouped(person, [Entry(message, reasons[message.pk in named]) for message in mentions])
    top = grouped(person, [Entry(message) for message in most_discussed(person, since)])
    return Digest(rule, mentioned, unread, top)


def most_discussed(person: User, since: datetime) -> list[Message]:
    """Find the unread messages with the most replies and reactions, in favourites and conversations they watch."""
    chosen = Q(notify=Notify.WATCH) | Q(is_favourite=True)
    there = {"conversation": OuterRef("conversation"), "last_read_at__lt": OuterRef("created_at")}
    unread = Message.objects.visible_to(person).filter(
        Exists(Membership.objects.filter(chosen, user=person, **there)), created_at__gt=since, is_system=False
    )
    replies = Message.objects.not_deleted().filter(thread=OuterRef("pk"))
    reactions = Reaction.objects.filter(message=OuterRef("pk"))
    scored = unread.exclude(user=person).annotate(score=CappedCount(replies) + CappedCount(reactions))
    return list(scored.filter(score__gt=0).order_by("-score", "-pk").with_extras()[:MAX_TOP])


def record(delivery: NotificationDelivery, person: User, found: sending.Outcome) -> None:
    """Store what became of a digest: if it was refused, or failed too often, the next one has more."""
    if found.state == State.AGAIN and delivery.has_attempts_left:
        delivery.retry_later(found.why)
    else:
        wait(delivery, person)
