"""Write one mail about all that a person is notified of, grouped by conversation."""

from collections.abc import Iterable, Sequence

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils.translation import ngettext

from accounts.models import User
from accounts.models.locale import LANGUAGES, Locale
from conversations.notifications.mail import addresses
from conversations.notifications.mail.contents import REASONS, Entry, Group, Shows, count, shown
from conversations.notifications.mail.letter import Letter, Section
from conversations.notifications.mail.unsubscribing import NOTIFICATIONS


def write(
    person: User, groups: Sequence[Group], *, workspace: str, why: str, shows: str = Shows.ALL
) -> EmailMultiAlternatives:
    """Write a mail to a person about the messages of one or more conversations, each of which has at least one.

    `why` says why they get it and since when they have wanted that, in their language; `shows` says how much of the
    messages the mail contains. A mail that is written again for the same messages has the same Message-ID.
    """
    with locale_of(person).active():
        letter = letter_of(groups, why, Shows(shows))
        return letter.write(person, workspace, headers(person, groups))


def locale_of(person: User) -> Locale:
    return Locale(person.language if person.language in LANGUAGES else settings.LANGUAGE_CODE, person.time_zone)


def letter_of(groups: Sequence[Group], why: str, shows: Shows) -> Letter:
    total, parts = count(groups), shown(groups, shows)
    introduction = ngettext("%(count)d new message", "%(count)d new messages", total) % {"count": total}
    left_out = total - sum(len(part.entries) for part in parts)
    return Letter(
        subject=subject_of(groups, shows) or introduction,
        introduction=introduction,
        sections=[Section("", groups=parts)],
        kind=NOTIFICATIONS,
        why=why,
        why_page=addresses.why_page(first_of(groups).message.pk),
        more=0 if shows == Shows.NOTHING else left_out,
    )


def subject_of(groups: Sequence[Group], shows: Shows) -> str:
    """Return the name of the conversation, or how many there are; '' if the person wants neither to be mailed."""
    total, senders = count(groups), {entry.message.sender_name for group in groups for entry in group.entries}
    if shows == Shows.NOTHING or (shows == Shows.WHO and len(senders) > 1):
        return ""
    if shows == Shows.WHO:
        words = ngettext("%(count)d new message from %(person)s", "%(count)d new messages from %(person)s", total)
        return words % {"count": total, "person": senders.pop()}
    if len(groups) == 1:
        return groups[0].name
    words = ngettext(
        "%(count)d message in %(conversations)d conversations",
        "%(count)d messages in %(conversations)d conversations",
        total,
    )
    return words % {"count": total, "conversations": len(groups)}


def headers(person: User, groups: Sequence[Group]) -> dict[str, str]:
    """Return what identifies a mail; mails about one conversation become a thread of it in all mail programs."""
    site, first = addresses.host(), first_of(groups).message.pk
    found = {
        "Message-ID": f"<n{first}.{person.pk}@{site}>",
        "Chatsite-Reason": ", ".join(in_order(entry.reason for group in groups for entry in group.entries)),
    }
    if len(groups) == 1:
        thread = f"<c{groups[0].conversation_id}.{person.pk}@{site}>"
        found |= {"In-Reply-To": thread, "References": thread}
    return found


def first_of(groups: Iterable[Group]) -> Entry:
    return min((entry for group in groups for entry in group.entries), key=lambda entry: entry.message.pk)


def in_order(reasons: Iterable[str]) -> list[str]:
    """List the different reasons, the most personal first."""
    found = set(reasons)
    return [reason for reason in REASONS if reason in found]
