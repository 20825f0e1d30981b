"""Write a digest: what a person has not seen for a day or a week."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.mail import EmailMultiAlternatives
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from conversations.notifications.mail import addresses
from conversations.notifications.mail.contents import Group, Shows, count, shown
from conversations.notifications.mail.letter import Letter, Section, Unread
from conversations.notifications.mail.unsubscribing import DIGEST
from conversations.notifications.mail.writing import locale_of


@dataclass(frozen=True)
class UnreadConversation:
    """A direct conversation with unread messages, under its name for the reader."""

    conversation_id: int
    name: str
    count: int


@dataclass(frozen=True)
class Digest:
    """What a digest is about, as it is when it is sent."""

    rule: str  # "daily" or "weekly"
    mentions: Sequence[Group] = ()
    direct: Sequence[UnreadConversation] = ()
    top: Sequence[Group] = ()

    def __bool__(self) -> bool:
        return bool(self.mentions or self.direct or self.top)


def write_digest(
    person: User, digest: Digest, *, now: datetime, workspace: str, why: str, shows: str = Shows.ALL
) -> EmailMultiAlternatives | None:
    """Write a digest in the language and the zone of a person; None if there is nothing to say.

    The other parameters are those of `writing.write`. Digests of the same day have the same Message-ID.
    """
    if not digest:
        return None
    with locale_of(person).active():
        day = localdate(now)
        letter = letter_of(digest, why, Shows(shows), workspace)
        return letter.write(person, workspace, {"Message-ID": f"<d{day:%Y%m%d}.{person.pk}@{addresses.host()}>"})


def letter_of(digest: Digest, why: str, shows: Shows, workspace: str) -> Letter:
    subject = _("Your week in %(workspace)s") if digest.rule == "weekly" else _("Your day in %(workspace)s")
    mentions = shown(digest.mentions, shows)
    sections = [
        Section(_("Mentions you have not seen"), groups=mentions),
        Section(_("Unread direct messages"), unread=unread(digest, shows)),
        Section(_("Most discussed"), groups=shown(digest.top, shows)),
    ]
    left_out = count(digest.mentions) - sum(len(group.entries) for group in mentions)
    return Letter(
        subject=subject % {"workspace": workspace},
        introduction=introduction(digest),
        sections=[section for section in sections if section.groups or section.unread],
        kind=DIGEST,
        why=why,
        more=0 if shows == Shows.NOTHING else left_out,
    )


def unread(digest: Digest, shows: Shows) -> list[Unread]:
    """List the unread direct conversations; their names are those of people, so that “who” shows them."""
    if shows == Shows.NOTHING:
        return []
    return [
        Unread(each.name, addresses.page("conversation", each.conversation_id), each.count) for each in digest.direct
    ]


def introduction(digest: Digest) -> str:
    """Say how much there is, without saying what."""
    mentions, direct = count(digest.mentions), sum(each.count for each in digest.direct)
    parts = [
        mentions and ngettext("%(count)d mention", "%(count)d mentions", mentions) % {"count": mentions},
        direct and ngettext("%(count)d direct message", "%(count)d direct messages", direct) % {"count": direct},
    ]
    words = ", ".join(part for part in parts if part)
    return _("Not seen yet: %(what)s.") % {"what": words} if words else _("Here is what others discussed.")
