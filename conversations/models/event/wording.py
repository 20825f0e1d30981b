"""Word events as sentences, in the language of the reader and with people's current names."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from conversations.models.conversation.membership import MemberRole
from conversations.models.event.event import Verb

NAMED = 2  # of more people than the three that HAPPENED finds

# The event of the message with the id `message`, as JSON with people's current names.
HAPPENED = """(
    SELECT json_build_object(
        'verb', verb, 'particulars', particulars,
        'actor', coalesce(nullif(actor.display_name, ''), actor.username),
        'person', coalesce(nullif(person.display_name, ''), person.username),
        'people', (
            SELECT json_agg(coalesce(nullif(display_name, ''), username) ORDER BY place)
            FROM jsonb_array_elements_text(particulars -> 'people') WITH ORDINALITY AS one (id, place)
            LEFT JOIN users ON users.id = one.id::bigint
            WHERE place <= 3
        )
    )
    FROM events
    LEFT JOIN users AS actor ON actor.id = actor_id
    LEFT JOIN users AS person ON person.id = (particulars ->> 'person')::bigint
    WHERE events.message_id = {message}
)"""


def sentence(happened: dict[str, Any]) -> str:
    """Word an event, given as HAPPENED returns it; in general terms if a later release wrote its verb."""
    words = WORDS.get(happened["verb"], WORDS[Verb.FORGOTTEN])(happened["particulars"])
    names = {
        "actor": happened["actor"] or _("A deleted account"),
        "person": happened["person"] or pgettext("whose membership changed", "a deleted account"),
        "people": named(happened),
        "title": new(happened["particulars"], "title"),
        "topic": new(happened["particulars"], "topic"),
    }
    return words % names


def named(happened: dict[str, Any]) -> str:
    """List the people of an event: all of them, or the first two and how many others."""
    names = [name or pgettext("whose membership changed", "a deleted account") for name in happened["people"] or ()]
    count = happened["particulars"].get("count", 0)
    if count > len(names):
        names = names[:NAMED]
        words = {"names": ", ".join(names), "count": count - len(names)}
        return ngettext("%(names)s and %(count)d other", "%(names)s and %(count)d others", words["count"]) % words
    if count < 2:
        return "".join(names)
    return pgettext("people", "%(names)s and %(last)s") % {"names": ", ".join(names[:-1]), "last": names[-1]}


def new(particulars: dict[str, Any], name: str) -> str | None:
    """Return the new value of something that an event changed; None if it did not change."""
    return particulars[name]["new"] if name in particulars else None


def renamed(particulars: dict[str, Any]) -> str:
    title, topic = new(particulars, "title"), new(particulars, "topic")
    if title is None:
        return _("%(actor)s changed the topic to “%(topic)s”") if topic else _("%(actor)s removed the topic")
    if topic is None:
        return _("%(actor)s renamed this conversation to “%(title)s”")
    if topic:
        return _("%(actor)s renamed this conversation to “%(title)s” and changed the topic to “%(topic)s”")
    return _("%(actor)s renamed this conversation to “%(title)s” and removed the topic")


def role_changed(particulars: dict[str, Any]) -> str:
    match new(particulars, "role"):
        case MemberRole.OWNER:
            return _("%(actor)s made %(person)s an owner")
        case MemberRole.READER:
            return _("%(actor)s made %(person)s read-only")
    return _("%(actor)s made %(person)s a member")


WORDS: dict[str, Callable[[dict[str, Any]], str]] = {
    Verb.RENAMED: renamed,
    Verb.OPENED: lambda _particulars: _("%(actor)s made this conversation open to everyone here"),
    Verb.CLOSED: lambda _particulars: _("%(actor)s made this conversation private"),
    Verb.ARCHIVED: lambda _particulars: _("%(actor)s archived this conversation"),
    Verb.UNARCHIVED: lambda _particulars: _("%(actor)s unarchived this conversation"),
    Verb.ROLE_CHANGED: role_changed,
    Verb.REMOVED: lambda _particulars: _("%(actor)s removed %(person)s"),
    Verb.RESTORED: lambda _particulars: _("%(actor)s restored %(person)s"),
    Verb.JOINED: lambda particulars: ngettext("%(people)s joined", "%(people)s joined", particulars["count"]),
    Verb.ASKED_TO_REJOIN: lambda _particulars: _("%(actor)s asked to rejoin"),
    Verb.READMITTED: lambda _particulars: _("%(actor)s let %(person)s rejoin"),
    Verb.HISTORY_LIMITED: lambda _particulars: _("%(actor)s hid earlier messages from people who join from now on"),
    Verb.HISTORY_UNLIMITED: lambda _particulars: _("%(actor)s let all members see earlier messages"),
    Verb.FORGOTTEN: lambda _particulars: _("Something changed here"),
}
