"""System messages are events, worded for each reader with people's current names."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.models.locale import Locale
from conversations.live.rendering import render_changes
from conversations.live.subscription import Perspective
from conversations.models import Conversation, Event, Message
from conversations.models.conversation.visibility import Reach
from conversations.models.event.event import Verb
from conversations.models.timeline.changes import changes_since
from conversations.tests.factories import say

MANY = Reach(1000, 1000)
ENGLISH, GERMAN = Locale("en", "UTC"), Locale("de", "UTC")


@pytest.fixture
def ben(world):
    User.objects.filter(pk=world.ben.pk).update(language="de")
    return world.ben


def lines(client, place):
    page = client.get(f"/c/{place.pk}/").content.decode()
    return [part.partition("<p>")[2].partition("</p>")[0] for part in page.split('class="system"')[1:]]


def test_each_verb_saves_an_event_with_its_particulars(world, garden):
    ana, ben = world.ana, world.ben
    garden.rename(ana, "Yard", "Green")
    garden.rename(ana, "Yard", "")
    garden.open(ana, MANY)
    garden.close(ana, MANY)
    garden.change_role(ana, ben, "reader")
    garden.remove(ana, ben)
    garden.restore_member(ana, ben)
    garden.archive(ana)
    garden.unarchive(ana)
    told = list(Event.objects.order_by("revision").values_list("verb", "particulars"))
    assert told == [
        ("renamed", {"title": {"old": "Garden", "new": "Yard"}, "topic": {"old": "", "new": "Green"}}),
        ("renamed", {"topic": {"old": "Green", "new": ""}}),
        ("opened", {}),
        ("closed", {}),
        ("role changed", {"person": ben.pk, "role": {"old": "member", "new": "reader"}}),
        ("removed", {"person": ben.pk}),
        ("restored", {"person": ben.pk}),
        ("archived", {}),
        ("unarchived", {}),
    ]
    for event in Event.objects.select_related("message"):
        assert (event.actor_id, event.conversation_id) == (ana.pk, garden.pk)
        assert (event.revision, event.created_at) == (event.message.revision, event.message.created_at)
        assert (event.message.content, event.message.html) == ("", "")


def test_events_are_worded_in_the_language_of_the_reader(world, ben, garden, as_):
    garden.rename(world.ana, "<b>Yard</b>", "")
    garden.change_role(world.ana, ben, "reader")
    assert lines(as_(world.ana), garden) == [
        "Ana Lima renamed this conversation to “&lt;b&gt;Yard&lt;/b&gt;”",
        "Ana Lima made ben read-only",
    ]
    assert lines(as_(ben), garden) == [
        "Ana Lima hat diese Unterhaltung in „&lt;b&gt;Yard&lt;/b&gt;“ umbenannt",
        "Ana Lima lässt ben nur noch lesen",
    ]


def test_system_messages_use_current_names_and_no_name_of_a_removed_account(world, garden, as_):
    garden.remove(world.ana, world.ben)
    client = as_(world.ana)
    assert lines(client, garden) == ["Ana Lima removed ben"]
    assert "Ana Lima removed ben" in client.get("/").content.decode()
    User.objects.filter(pk=world.ana.pk).update(display_name="Ana Maria")
    User.objects.filter(pk=world.ben.pk).update(display_name="Ben Okri")
    assert lines(client, garden) == ["Ana Maria removed Ben Okri"]
    assert "Ana Maria removed Ben Okri" in client.get("/").content.decode()
    world.ben.delete()
    assert lines(client, garden) == ["Ana Maria removed a deleted account"]
    Event.objects.update(actor=None)
    assert lines(client, garden) == ["A deleted account removed a deleted account"]
    assert "A deleted account removed a deleted account" in client.get("/").content.decode()


def test_every_page_shows_events(world, ben, garden, as_, capsys):
    words = say(garden, world.ana, "words")
    garden.archive(world.ana)
    garden.unarchive(world.ana)
    line = Message.objects.filter(is_system=True).order_by("pk").first()
    archived = "Ana Lima archived this conversation"
    addresses = ["", "changes/?after=0", f"?at={line.pk}", f"?at={words.pk}", f"{line.created_at:%Y-%m-%d}/"]
    addresses = [f"/c/{garden.pk}/{address}" for address in addresses]
    for address in [*addresses, f"/m/{line.pk}/around/", f"/m/{words.pk}/around/"]:
        assert archived in as_(world.ana).get(address).content.decode(), address
        page = as_(ben).get(address).content.decode()
        assert "Ana Lima hat diese Unterhaltung archiviert" in page, address
        assert archived not in page, address
    call_command("last_messages", str(garden.pk), format="json")
    assert archived in capsys.readouterr().out
    call_command("inbox", "ana", format="json")
    assert "Ana Lima unarchived this conversation" in capsys.readouterr().out


def test_admin_shows_events(world, boss, garden, as_):
    garden.open(world.ana, MANY)
    garden.join(boss)
    line = Message.objects.get(is_system=True, is_silent=False)
    for address in ("/admin/conversations/message/", f"/admin/conversations/message/{line.pk}/change/"):
        assert "Ana Lima made this conversation open to everyone here" in as_(boss).get(address).content.decode()


def test_streams_send_events_in_each_language(world, garden):
    garden.open(world.ana, MANY)
    garden.refresh_from_db()
    english, german = Perspective(ENGLISH), Perspective(GERMAN)
    written = render_changes(changes_since(garden, garden.messages, 0), [english, german])
    assert b"made this conversation open to everyone here" in written[english]
    assert "für alle hier geöffnet".encode() in written[german]


def test_a_search_finds_no_events(world, garden, as_):
    garden.rename(world.ana, "Yard", "")
    assert "No results for" in as_(world.ana).get("/search/?q=renamed").content.decode()


@pytest.mark.parametrize("count", [1, 15])
def test_a_page_of_events_costs_one_statement_more_than_one_without(world, garden, as_, count):
    client = as_(world.ana)
    say(garden, world.ana, "words")

    def statements(address):
        client.get("/offline/")
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        return len(queries)

    before = statements(f"/c/{garden.pk}/"), statements("/")
    for number in range(count):
        garden.rename(world.ana, f"Yard {number}", "")
    assert (statements(f"/c/{garden.pk}/"), statements("/")) == (before[0] + 1, before[1])


def test_a_sentence_of_release_0_1_is_shown_until_it_is_converted(world, garden, as_):
    Message.objects.create(conversation=garden, is_system=True, content="Ana did it", html="<p>Ana did it</p>")
    garden.find_newest()
    assert lines(as_(world.ana), garden) == ["Ana did it"]
    assert "Ana did it" in as_(world.ana).get("/").content.decode()


def test_events_are_deleted_with_their_conversation(world, garden):
    garden.rename(world.ana, "Yard", "")
    Conversation.objects.filter(pk=garden.pk).delete()
    assert not Event.objects.exists()


def test_each_verb_is_worded():
    from conversations.models.event.wording import WORDS

    assert WORDS.keys() == set(Verb)


def test_an_event_of_a_later_release_is_shown_in_general_terms(world, as_):
    world.plans.rename(world.ana, "Ideas", "")
    Event.objects.update(verb="painted", particulars={"colour": "red"})
    assert "Something changed here" in as_(world.ben).get(f"/c/{world.plans.pk}/").content.decode()
