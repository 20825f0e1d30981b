"""Parse the English sentences that release 0.1 stored instead of events. Pure functions.

Names and titles may contain any words, so a sentence can have several readings; the caller knows which names exist.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from conversations.models.conversation.membership import MemberRole
from conversations.models.event.event import Verb

WHOLE = {
    Verb.OPENED: "made this conversation open to everyone here",
    Verb.CLOSED: "made this conversation private",
    Verb.ARCHIVED: "archived this conversation",
    Verb.UNARCHIVED: "took this conversation back from the archive",
}
ROLES = {MemberRole.OWNER: " an owner", MemberRole.MEMBER: " a member", MemberRole.READER: " read-only"}
AND_TOPIC, AND_NO_TOPIC = "” and changed the topic to “", "” and removed the topic"


class Reading(NamedTuple):
    """One way to read a sentence: the name of the actor, and of the person it is about, if any."""

    actor: str
    verb: Verb
    person: str | None
    particulars: dict[str, Any]


def readings(content: str) -> list[Reading]:
    """List all ways to read a sentence."""
    return [*read_whole(content), *read_renamed(content), *read_topic(content), *read_people(content)]


def read_whole(content: str) -> Iterator[Reading]:
    for verb, words in WHOLE.items():
        if content.endswith(f" {words}"):
            yield Reading(content.removesuffix(f" {words}"), verb, None, {})


def read_renamed(content: str) -> Iterator[Reading]:
    for actor, rest in divided(content, " renamed this conversation to “"):
        if rest.endswith(AND_NO_TOPIC):
            title = rest.removesuffix(AND_NO_TOPIC)
            yield Reading(actor, Verb.RENAMED, None, {"title": {"new": title}, "topic": {"new": ""}})
        elif rest.endswith("”"):
            rest = rest.removesuffix("”")
            both = list(divided(rest, AND_TOPIC))
            for title, topic in both:
                yield Reading(actor, Verb.RENAMED, None, {"title": {"new": title}, "topic": {"new": topic}})
            if not both:
                yield Reading(actor, Verb.RENAMED, None, {"title": {"new": rest}})


def read_topic(content: str) -> Iterator[Reading]:
    for actor, rest in divided(content, " changed the topic to “"):
        if rest.endswith("”"):
            yield Reading(actor, Verb.RENAMED, None, {"topic": {"new": rest.removesuffix("”")}})
    if content.endswith(" removed the topic"):
        yield Reading(content.removesuffix(" removed the topic"), Verb.RENAMED, None, {"topic": {"new": ""}})


def read_people(content: str) -> Iterator[Reading]:
    for actor, person in divided(content, " removed "):
        yield Reading(actor, Verb.REMOVED, person, {})
    for actor, rest in divided(content, " brought "):
        if rest.endswith(" back"):
            yield Reading(actor, Verb.RESTORED, rest.removesuffix(" back"), {})
    for actor, rest in divided(content, " made "):
        for role, words in ROLES.items():
            if rest.endswith(words):
                yield Reading(actor, Verb.ROLE_CHANGED, rest.removesuffix(words), {"role": {"new": role.value}})


def divided(text: str, by: str) -> Iterator[tuple[str, str]]:
    """Yield the text before and after each occurrence of `by`."""
    at = text.find(by)
    while at >= 0:
        yield text[:at], text[at + len(by) :]
        at = text.find(by, at + 1)
