"""The rules: what becomes of a notification now. The first rule that holds decides, and is what people are notified."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings as site

from conversations.models.conversation.membership import Notify
from conversations.notifications.facts import Facts
from conversations.notifications.models import Channel, Hold, Outcome, Reason
from conversations.notifications.models.settings import BY_MAIL
from conversations.text import mentions

BY_NAME = {Reason.MENTION, Reason.CALL}
# What still notifies where only mentions do: replies are as personal.
PERSONAL = {Reason.MENTION, Reason.CALL, Reason.REPLY, Reason.THREAD}


@dataclass(frozen=True)
class Verdict:
    """What becomes of a notification: an outcome, or a reason to wait until a time. Neither means: send it."""

    outcome: str = Outcome.WAITING
    hold: str = Hold.NOTHING
    until: datetime | None = None

    @property
    def is_to_send(self) -> bool:
        return not self.outcome and self.until is None


SEND = Verdict()


def decide(facts: Facts, channel: str, now: datetime) -> Verdict:
    """Decide about a notification over one channel."""
    if outcome := gone(facts) or unwanted(facts, channel) or unreachable(facts, channel):
        return Verdict(outcome)
    return hold(facts, channel, now)


def gone(facts: Facts) -> str:
    """Find out whether there is nothing to notify of any more."""
    if facts.deleted_at:
        return Outcome.DELETED
    if not facts.is_visible or facts.author == facts.user:
        return Outcome.INVISIBLE
    if facts.was_edited and facts.reason in BY_NAME and not (still_mentions(facts) or concerns_anyway(facts)):
        return Outcome.UNMENTIONED
    return Outcome.READ if facts.is_read else ""


def still_mentions(facts: Facts) -> bool:
    if facts.person.username in mentions.mentioned_in(facts.html or ""):
        return True
    is_callable = facts.reason == Reason.CALL or facts.level is not None
    return is_callable and not mentions.GROUPS.isdisjoint(mentions.may_mention(facts.content))


def concerns_anyway(facts: Facts) -> bool:
    """Return whether a message concerns somebody whether or not it mentions them."""
    follows = facts.thread is not None and facts.follows_thread and not facts.is_thread_muted
    return facts.is_direct or facts.replied_to == facts.user or follows or facts.level == Notify.WATCH


def unwanted(facts: Facts, channel: str) -> str:
    """Find the choice of the person by which the notification is not sent."""
    if facts.level == Notify.NOTHING:
        return Outcome.MUTED
    if facts.thread and facts.is_thread_muted:
        return Outcome.THREAD_MUTED
    refusals = [refusal(facts, reason, channel) for reason in facts.reasons]
    return "" if "" in refusals else refusals[0]


def refusal(facts: Facts, reason: str, channel: str) -> str:
    """Find the choice of the person by which they are not notified for one of the reasons."""
    if channel == Channel.MAIL and reason not in BY_MAIL:
        return Outcome.NOT_BY_MAIL
    is_less = facts.level == Notify.MENTIONS and reason not in PERSONAL
    if is_less or (reason == Reason.WATCH and facts.level != Notify.WATCH):
        return Outcome.LEVEL
    off = facts.settings.push_off if channel == Channel.PUSH else facts.settings.mail_off
    return Outcome.OFF if reason in off else ""


def unreachable(facts: Facts, channel: str) -> str:
    """Find out why a channel reaches nobody; whether there is a device is found out when it is sent."""
    if getattr(facts.person, "lacks_second_factor", False):
        return Outcome.NO_FACTOR
    if channel == Channel.PUSH:
        return "" if facts.workspace.allows_push else Outcome.POLICY
    if not facts.workspace.allows_mail:
        return Outcome.POLICY
    if not site.MAIL:
        return Outcome.NO_MAIL
    if not facts.is_address_confirmed:
        return Outcome.UNCONFIRMED
    return Outcome.REFUSED if facts.settings.is_refused(facts.person.email) else ""


def hold(facts: Facts, channel: str, now: datetime) -> Verdict:
    """Find out whether a notification has to wait, as the person wants no interruption now.

    Mail waits only in a pause: it interrupts nobody, and has waited for a while already.
    """
    hours = facts.settings.hours_in(facts.person.time_zone)
    if hours.passes(facts.author, facts.is_direct):
        return SEND
    paused_until = hours.paused_until if hours.paused_until and hours.paused_until > now else None
    until = hours.held_until(now) if channel == Channel.PUSH else paused_until
    return Verdict(hold=Hold.PAUSE if paused_until else Hold.QUIET, until=until) if until else SEND
