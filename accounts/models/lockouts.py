"""Lockouts: the limits that are reached now, for owners, who can lift them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models.audit import Audit
from accounts.models.limits import RATES, Limit, Rate, take
from accounts.models.not_allowed import NotAllowed
from accounts.models.user.user import User

WORDS = {
    "sign in": _("signing in, after wrong passwords"),
    "sign in from": _("signing in from this address"),
    "code": _("second factor, after wrong codes"),
    "send": _("posting"),
    "change": _("editing and other changes"),
    "type": _("showing that they are typing"),
    "upload": _("uploading"),
    "attach": _("attaching files"),
    "send large": _("sending large forms"),
    "begin a session": _("visiting from this address without signing in"),
    "search": _("searching"),
    "invite": _("inviting"),
    "test": _("testing notifications"),
    "sign up": _("signing up from this address"),
    "try to sign up": _("sending the sign-up form"),
}
MAX_LISTED = 200


@dataclass(frozen=True)
class Lockout:
    """A reached limit: on which action, for whom (a person, else the subject of its key), and until when."""

    key: str
    action: str
    person: User | None
    subject: str
    until: datetime

    @property
    def words(self) -> str:
        return str(WORDS.get(self.action, self.action))

    @classmethod
    def reached(cls, by: User) -> list[Self]:
        """List the limits that are reached now, the longest first; raise NotAllowed for all but owners."""
        allow(by)
        full = [Q(key__startswith=f"{action}:", full_at__gt=Now() + slack_of(rate)) for action, rate in RATES.items()]
        found = list(Limit.objects.filter(Q(*full, _connector=Q.OR)).order_by("-full_at")[:MAX_LISTED])
        people = User.objects.in_bulk([pk for limit in found if (pk := person_in(limit.key))])
        return [cls.of(limit, people) for limit in found]

    @classmethod
    def of(cls, limit: Limit, people: dict[int, User]) -> Self:
        action, _colon, subject = limit.key.partition(":")
        until = limit.full_at - slack_of(RATES[action])
        return cls(limit.key, action, people.get(person_in(limit.key) or 0), subject, until)


def lift(by: User, key: str) -> None:
    """Let a person or address that has reached a limit continue at once; raise NotAllowed for all but owners."""
    allow(by)
    take("change", by)
    with transaction.atomic():
        if Limit.objects.filter(key=key).delete()[0]:
            Audit.objects.record(by, "lifted a limit", key)


def allow(by: User) -> None:
    if not (by.is_active and by.is_owner):
        raise NotAllowed(_("Only owners can see and lift limits."))


def slack_of(rate: Rate) -> timedelta:
    """Return how long before the bucket is full again the next action is allowed."""
    return timedelta(seconds=(rate.burst - 1) * rate.seconds)


def person_in(key: str) -> int | None:
    """Read the id of the person in the key of a limit: "send:5", "sign in:account 5", "sign in:browser 5 c0ffee"."""
    action, _colon, subject = key.partition(":")
    words = subject.split()
    if words[:1] in (["account"], ["browser"]):
        words = words[1:2]
    is_address = action in ("sign in from", "sign up", "try to sign up", "begin a session")
    return int(words[0]) if words and not is_address and words[0].isdecimal() and len(words[0]) <= 18 else None
