"""A mail before it is text and HTML: its sections, and the links at its end."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from conversations.notifications.mail import addresses
from conversations.notifications.mail.contents import ShownEntry, ShownGroup
from conversations.notifications.mail.message import NotificationMail, one_line

INDENT = "  "  # of everything that people wrote, so that no message can imitate the rest of a mail


@dataclass(frozen=True)
class Unread:
    """A conversation with unread messages, whose name is empty if the person does not want it mailed."""

    name: str
    link: str
    count: int

    @property
    def words(self) -> str:
        return ngettext("%(count)d unread message", "%(count)d unread messages", self.count) % {"count": self.count}


@dataclass(frozen=True)
class Section:
    """A part of a mail, with or without a title."""

    title: str
    groups: Sequence[ShownGroup] = ()
    unread: Sequence[Unread] = ()


@dataclass(frozen=True)
class Letter:
    """What a mail says."""

    subject: str
    introduction: str
    sections: Sequence[Section]
    kind: str  # that its link unsubscribes from
    why: str  # why the person got it, and since when they have wanted that
    why_page: str = ""
    more: int = 0  # messages that it does not show

    @property
    def remaining(self) -> str:
        words = ngettext("… and %(count)d more message", "… and %(count)d more messages", self.more)
        return words % {"count": self.more} if self.more else ""

    def write(self, person: User, workspace: str, headers: dict[str, str]) -> NotificationMail:
        """Write the mail to a person, in the language and the zone that are active."""
        unsubscribe = addresses.unsubscribe_page(person.pk, self.kind)
        links = {"inbox": addresses.page("inbox"), "settings": addresses.settings_page(), "unsubscribe": unsubscribe}
        headers = {
            "List-ID": f"<{self.kind}.{addresses.host()}>",
            "List-Unsubscribe": f"<{unsubscribe}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
            **headers,
        }
        mail = NotificationMail(
            self.subject,
            "\n".join([*self.text(), *self.end(links), ""]),
            addresses.sender(workspace),
            [person.email],
            headers=headers,
        )
        context = {"letter": self, "links": links, "workspace": workspace}
        mail.attach_alternative(render_to_string("notifications/mail.html", context), "text/html")
        return mail

    def text(self) -> Iterator[str]:
        """Yield the lines of the text, without its end."""
        yield self.introduction
        for section in self.sections:
            if section.title:
                yield from ("", section.title, "=" * len(section.title))
            for group in section.groups:
                yield from text_of_group(group)
            for each in section.unread:
                yield from ("", *([one_line(each.name)] if each.name else []), f"{each.words}: {each.link}")
        if self.remaining:
            yield from ("", self.remaining)

    def end(self, links: dict[str, str]) -> Iterator[str]:
        """Yield the lines that say why the person got this mail, and what they can do about it."""
        yield from ("", "-- ", one_line(self.why))
        if self.why_page:
            yield _("Why did I get this? %(link)s") % {"link": self.why_page}
        yield _("Inbox: %(link)s") % {"link": links["inbox"]}
        yield _("Settings: %(link)s") % {"link": links["settings"]}
        yield _("Unsubscribe: %(link)s") % {"link": links["unsubscribe"]}


def text_of_group(group: ShownGroup) -> Iterator[str]:
    if group.name:
        yield from ("", one_line(group.name), group.link)
    for entry in group.entries:
        yield ""
        yield from text_of_entry(entry)


def text_of_entry(entry: ShownEntry) -> Iterator[str]:
    at = date_format(localtime(entry.at), "SHORT_MONTH_DAY_TIME_FORMAT")
    yield " · ".join(filter(None, [one_line(entry.sender), at, entry.reason]))
    if entry.quoted:
        yield f"{INDENT}> {one_line(entry.quoted.sender)}: {one_line(entry.quoted.words)}"
    for line in entry.text.splitlines():
        yield f"{INDENT}{line}".rstrip()
    for name, address in entry.files:
        yield f"{INDENT}[{one_line(name)}] {address}"
    yield f"{INDENT}{entry.link}"
