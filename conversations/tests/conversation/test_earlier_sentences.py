"""Sentences of release 0.1 are converted to events, or stay until a name in them has to be removed."""

import re
from datetime import timedelta
from itertools import product

import pytest
from django.utils import timezone

from accounts.models import User
from accounts.tests.factories import UserFactory
from conversations.models import Conversation, Event, Message
from conversations.models.account_deletion import purge_account
from conversations.models.event.earlier_sentences import readings
from conversations.models.event.event import Verb
from conversations.text import markdown

NAMES = [
    "cyd",
    "Cyd Lima",
    "Cyd removed Ben",
    "Cyd made Ben a member",
    "“Cyd” and removed the topic",
    "Cyd archived this",
]
TITLES = [
    "Yard",
    "",
    "Yard” and removed the topic",
    "made this conversation private",
    "“Yard”",
    "a removed b",
    "50% {x}",
]
NEW, OLD_ROLES = "new", {"owner": "an owner", "member": "a member", "reader": "read-only"}


def told(conversation, content):
    """Insert a system message as release 0.1 did."""
    return Message.objects.create(
        conversation=conversation, is_system=True, content=content, html=markdown.as_it_is(content).html
    )


def sentences(actor, person, title):
    """Yield every sentence of release 0.1, with its verb and particulars."""
    for verb, words in (
        (Verb.OPENED, "made this conversation open to everyone here"),
        (Verb.CLOSED, "made this conversation private"),
        (Verb.ARCHIVED, "archived this conversation"),
        (Verb.UNARCHIVED, "took this conversation back from the archive"),
    ):
        yield f"{actor.name} {words}", verb, {}
    yield f"{actor.name} removed {person.name}", Verb.REMOVED, {"person": person.pk}
    yield f"{actor.name} brought {person.name} back", Verb.RESTORED, {"person": person.pk}
    for role, words in OLD_ROLES.items():
        yield f"{actor.name} made {person.name} {words}", Verb.ROLE_CHANGED, {"person": person.pk, "role": {NEW: role}}
    renamed = f"{actor.name} renamed this conversation to “{title}”"
    yield renamed, Verb.RENAMED, {"title": {NEW: title}}
    yield (
        f"{renamed} and changed the topic to “To {title}”",
        Verb.RENAMED,
        {"title": {NEW: title}, "topic": {NEW: f"To {title}"}},
    )
    yield f"{renamed} and removed the topic", Verb.RENAMED, {"title": {NEW: title}, "topic": {NEW: ""}}
    if title:  # release 0.1 said so even if there was no topic before
        yield f"{actor.name} changed the topic to “{title}”", Verb.RENAMED, {"topic": {NEW: title}}
    yield f"{actor.name} removed the topic", Verb.RENAMED, {"topic": {NEW: ""}}


def reworded(content):
    """Return a sentence of release 0.1 in the current wording."""
    unarchived = re.sub("took this conversation back from the archive$", "unarchived this conversation", content)
    return re.sub("brought (Ben) back$", r"restored \1", unarchived)


@pytest.mark.parametrize(("name", "title"), list(product(NAMES, TITLES)))
def test_every_sentence_is_parsed_correctly(garden, name, title):
    actor, person = UserFactory(display_name=name), UserFactory(display_name="Ben")
    written = {told(garden, content): (verb, what) for content, verb, what in sentences(actor, person, title)}
    assert len(written) == 13 + bool(title)
    assert Message.objects.fill_facts() == len(written)
    for message, meant in written.items():
        event = Event.objects.get(message=message)
        assert (event.verb, event.particulars) == meant, message.content
        assert (event.actor_id, event.conversation_id, event.revision) == (actor.pk, garden.pk, message.revision)
        stored = Message.objects.get(pk=message.pk)
        assert (stored.content, stored.html) == ("", "")
        assert stored.said == reworded(message.content), "in English it says the same"


@pytest.mark.parametrize(
    "content",
    [
        "Ana Lima did something else",
        "Somebody archived this conversation",
        "Ana Lima removed Nobody",
        "Ana removed Ben removed Ben",
        "Ana Lima renamed this conversation to “a” and changed the topic to “b” and changed the topic to “c”",
        "Twin archived this conversation",
        "Late archived this conversation",
        "@ana has joined the channel",
    ],
)
def test_sentences_without_exactly_one_reading_stay_unchanged(world, garden, content):
    for name in ("Ana", "Ben", "Ana removed Ben", "Ben removed Ben", "Twin", "Twin"):
        UserFactory(display_name=name)
    UserFactory(display_name="Late", created_at=timezone.now() + timedelta(days=1))
    message = told(garden, content)
    assert Message.objects.fill_facts() == 1
    assert not Event.objects.exists()
    assert Message.objects.get(pk=message.pk).said == content
    assert Message.objects.fill_facts() == 0


def test_a_title_with_our_words_has_several_readings():
    content = "Ana renamed this conversation to “a” and changed the topic to “b” and changed the topic to “c”"
    assert len(readings(content)) > 1


@pytest.fixture
def gone(world):
    """Olga's account, which is to be purged."""
    User.objects.filter(pk=world.olga.pk).update(
        display_name="Olga (the cook)", deleted_at=timezone.now() - timedelta(days=40), is_active=False
    )
    return User.objects.get(pk=world.olga.pk)


def test_a_purge_removes_the_name_from_sentences(world, garden, gone, as_):
    read = told(garden, f"{gone.name} archived this conversation")
    unread = told(garden, f"Nobody and {gone.name} did something")
    imported = told(garden, "@olga has joined the channel")
    others = told(garden, "Volga and olgas did something")
    revision = garden.revision
    Conversation.objects.filter(pk=garden.pk).update(revision=revision + 10)
    assert purge_account(gone)
    said = {message: Message.objects.get(pk=message.pk) for message in (read, unread, imported, others)}
    assert [message.said for message in said.values()] == [
        "A deleted account archived this conversation",
        "Something changed here",
        "Something changed here",
        "Volga and olgas did something",
    ]
    assert [message.content + message.html for message in list(said.values())[:3]] == [""] * 3
    assert [message.revision > revision for message in said.values()] == [True, True, True, False], "open pages see it"
    page = as_(world.ana).get(f"/c/{garden.pk}/").content.decode()
    assert "Olga" not in page.partition("<main")[2]


def test_a_name_stays_while_the_account_exists(garden, gone):
    message = told(garden, f"{gone.name} did something")
    User.objects.filter(pk=gone.pk).update(deleted_at=None)
    assert not purge_account(gone)
    assert Message.objects.get(pk=message.pk).said == message.content
