"""Convert the sentences that release 0.1 wrote to events, where they can be parsed."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Q

from accounts.models import User
from conversations.models.event.earlier_sentences import Reading, readings
from conversations.models.event.event import Event, Verb

IS_SENTENCE = Q(is_system=True) & ~Q(content="")
People = dict[str, set[tuple[int, datetime]]]


class Sentence(NamedTuple):
    """The sentence of a system message; its fields are those of the message."""

    pk: int
    conversation_id: int
    revision: int
    created_at: datetime
    content: str

    def as_event(self, verb: Verb, particulars: dict[str, Any], actor: int | None = None) -> Event:
        """Build the event that replaces the sentence, unsaved."""
        columns = {"message_id": self.pk, "conversation_id": self.conversation_id, "actor_id": actor}
        times = {"revision": self.revision, "created_at": self.created_at}
        return Event(verb=verb, particulars=particulars, **columns, **times)


def convert(sentences: Iterable[Sentence]) -> list[int]:
    """Save events for the sentences that have exactly one reading; return the ids of their messages."""
    read = {sentence: readings(sentence.content) for sentence in sentences}
    people = people_called({name for each in read.values() for reading in each for name in names_of(reading)})
    events = []
    for sentence, each in read.items():
        found = [one for reading in each for one in resolved(reading, people, sentence.created_at)]
        if len(found) == 1:
            [(actor, verb, particulars)] = found
            events.append(sentence.as_event(verb, particulars, actor))
    Event.objects.bulk_create(events)
    return [event.message_id for event in events]


def names_of(reading: Reading) -> list[str]:
    return [reading.actor, *([reading.person] if reading.person is not None else [])]


def people_called(names: Iterable[str]) -> People:
    """Find people by the names that a sentence may use: the display name, or the user name of people without one."""
    wanted = list(names)
    found: People = defaultdict(set)
    known = User.objects.filter(Q(display_name__in=wanted) | Q(username__in=wanted))
    for pk, username, display_name, created_at in known.values_list("pk", "username", "display_name", "created_at"):
        for name in (username, display_name):
            found[name].add((pk, created_at))
    return found


def resolved(reading: Reading, people: People, moment: datetime) -> Iterator[tuple[int, Verb, dict[str, Any]]]:
    """Yield the reading for each actor and person who have these names and had an account at that moment."""

    def called(name: str) -> list[int]:
        return sorted(pk for pk, joined in people.get(name, ()) if joined <= moment)

    for actor in called(reading.actor):
        if reading.person is None:
            yield actor, reading.verb, reading.particulars
        else:
            for person in called(reading.person):
                yield actor, reading.verb, {"person": person, **reading.particulars}


def is_named_in(person: User, content: str) -> bool:
    """Return whether a sentence contains a name of a person as a whole word."""
    return any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", content) for name in {person.name, person.username})
