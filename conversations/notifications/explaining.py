"""Why somebody was notified of a message, or why not: the rule, since when it holds, and how to change just that."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from conversations.models import GroupCall, Membership, Message, ThreadFollower
from conversations.models.conversation.membership import Notify
from conversations.notifications.deciding import decide
from conversations.notifications.facts import Asked, Facts, read_facts
from conversations.notifications.models import Channel, Hold, Notification, NotificationDelivery, Outcome, Reason

Words = str | Promise
# What changes a rule, and what its button says.
CHANGES: dict[str, Words] = {
    "unmute": _("Use the default here"),
    "follow": _("Follow this thread"),
    "switch-on": _("Notify me of messages of this kind, by push and mail"),
    "switch-off": _("Don’t notify me of messages of this kind, by push or mail"),
    "unwatch": _("Don’t notify me of every message here"),
    "mute-thread": _("Mute this thread"),
    "resume": _("End the pause"),
    "unquiet": _("Skip these quiet hours"),
    "settings": _("Open notification settings"),
}
CHANGE_OF = {
    Outcome.MUTED: "unmute",
    Outcome.LEVEL: "unmute",
    Outcome.THREAD_MUTED: "follow",
    Outcome.OFF: "switch-on",
    Outcome.NO_DEVICE: "settings",
    Outcome.UNCONFIRMED: "settings",
    Outcome.REFUSED: "settings",
}
HELD = {
    Hold.QUIET: (_("It waits for the end of your quiet hours"), "unquiet"),
    Hold.PAUSE: (_("It waits for the end of your pause"), "resume"),
    Hold.LOOKING: (_("It waits, because you had the conversation open"), ""),
    Hold.LIMIT: (_("It waits, as you have received a lot of mail lately"), ""),
    Hold.NOTHING: (_("It is about to be sent"), ""),
}
SINCE = {Hold.QUIET: "quiet", Hold.PAUSE: "paused_until"}
CHANNELS = {Channel.PUSH: _("Push"), Channel.MAIL: _("Mail")}
NO_REASON = _(
    "It neither mentions you nor replies to you, you do not follow its thread,"
    " and you did not choose “Every message” in the conversation"
)
OWN = _("You wrote it, and authors are not notified")


@dataclass(frozen=True)
class Explanation:
    """What became of a message over one channel: the rule, since when it holds, and what changes just that."""

    channel: Words
    rule: Words
    at: datetime | None = None
    since: datetime | None = None
    change: str = ""

    @property
    def change_label(self) -> Words:
        return CHANGES.get(self.change, "")


@dataclass(frozen=True)
class Why:
    """All that a person can know about the notification of a message."""

    reason: Words
    explanations: list[Explanation]
    is_as_of_now: bool  # nothing is stored, so it is what the rules say now
    change: str = ""
    since: datetime | None = None

    @property
    def change_label(self) -> Words:
        return CHANGES.get(self.change, "")


def explain(reader: User, message: Message) -> Why:
    """Explain why `reader` was notified of a message that they see, or why not."""
    notified = Notification.objects.of(reader, message.pk)
    if notified:
        [facts] = read_facts([Asked(reader.pk, message.pk, notified.reason, notified.others)])
        rows = [stored(notified, facts, channel) for channel in Channel]
        return Why(Reason(notified.reason).label, rows, False, *change_of_reason(facts))
    reason = reason_now(reader, message)
    if reason is None:
        return Why(OWN if message.user_id == reader.pk else NO_REASON, [], True)
    [facts] = read_facts([Asked(reader.pk, message.pk, reason)])
    return Why(Reason(reason).label, list(as_of_now(facts)), True, *change_of_reason(facts))


def stored(notified: Notification, facts: Facts, channel: Channel) -> Explanation:
    """Explain what became of a notification over a channel, as it was decided then."""
    outcome, at = getattr(notified, channel), getattr(notified, f"{channel}_at")
    if outcome == Outcome.WAITING:
        return waiting(notified, facts, channel)
    if decide(facts, channel, timezone.now()).outcome != outcome:  # the rule holds no longer, so nothing can change it
        return Explanation(CHANNELS[channel], Outcome(outcome).label, at)
    since = since_of(facts, outcome, channel) if outcome in CHANGE_OF else None
    return Explanation(CHANNELS[channel], Outcome(outcome).label, at, since, CHANGE_OF.get(Outcome(outcome), ""))


def waiting(notified: Notification, facts: Facts, channel: Channel) -> Explanation:
    verdict = decide(facts, channel, timezone.now())
    if verdict.outcome:
        return silence(facts, channel, verdict.outcome)
    there = {"user": notified.user_id, "conversation": notified.conversation_id if channel == Channel.PUSH else None}
    delivery = NotificationDelivery.objects.waiting().over(channel).filter(**there).first()
    hold = verdict.hold or (delivery.hold if delivery else Hold.NOTHING)
    rule, change = HELD[Hold(hold)]
    since = facts.settings.since(SINCE[Hold(hold)]) if Hold(hold) in SINCE else None
    return Explanation(CHANNELS[channel], rule, verdict.until or (delivery and delivery.due_at), since, change)


def as_of_now(facts: Facts) -> Iterator[Explanation]:
    """Explain what the rules say now about a message of which nothing is stored."""
    for channel in Channel:
        verdict = decide(facts, channel, timezone.now())
        if verdict.outcome:
            yield silence(facts, channel, verdict.outcome)


def silence(facts: Facts, channel: Channel, outcome: str) -> Explanation:
    since = since_of(facts, outcome, channel)
    return Explanation(CHANNELS[channel], Outcome(outcome).label, None, since, CHANGE_OF.get(Outcome(outcome), ""))


def since_of(facts: Facts, outcome: str, channel: str) -> datetime | None:
    """Find out since when the choice behind a silence holds, if that is known."""
    if outcome in (Outcome.MUTED, Outcome.LEVEL):
        return facts.level_since
    return facts.settings.since(f"{channel}_off") if outcome == Outcome.OFF else None


def change_of_reason(facts: Facts) -> tuple[str, datetime | None]:
    """Return what stops notifications for this reason, if it is not stopped already, and since when it holds."""
    if facts.reason == Reason.WATCH:
        return ("unwatch", facts.level_since) if facts.level == Notify.WATCH else ("", None)
    if facts.reason == Reason.THREAD:
        return ("" if facts.is_thread_muted else "mute-thread", None)
    if facts.reason in facts.settings.push_off:
        return ("", None)
    return ("switch-off", None)


def reason_now(reader: User, message: Message) -> str | None:
    """Find the reason for which `reader` would be notified of a message now; None if there is none."""
    if message.user_id == reader.pk or message.is_system:
        return None
    own = message.mentions.filter(user=reader).first()
    if own and own.reason == Reason.MENTION:
        return Reason.MENTION
    if message.conversation.is_direct:
        return Reason.DIRECT
    if message.reply_to_id and Message.objects.filter(pk=message.reply_to_id, user=reader).exists():
        return Reason.REPLY
    if own or GroupCall.objects.reaching(reader).filter(message=message.pk).exists():
        return Reason.CALL
    if message.thread_id and ThreadFollower.objects.of(reader).filter(message=message.thread_id).exists():
        return Reason.THREAD
    watches = Membership.objects.filter(conversation=message.conversation_id, user=reader, notify="watch").exists()
    return Reason.WATCH if watches else None
