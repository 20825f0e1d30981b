"""The inbox: my conversations, the last activity first, with what is new in them."""

import pytest

from accounts.tests.factories import UserFactory
from conversations.models import Conversation
from conversations.tests.factories import ConversationFactory, history, say


def entries(client, address="/"):
    return client.get(address).context["inbox"].rows


def entry(client, conversation):
    return next(each for each in entries(client) if each == conversation)


def test_the_last_activity_is_first(world, as_):
    assert entries(as_(world.ben)) == [world.direct, world.town, world.plans], "nothing said: the newest is first"
    say(world.plans, world.ana, "hello")
    assert entries(as_(world.ben)) == [world.plans, world.direct, world.town]


def test_each_shows_the_newest_message_in_plain_words(world, as_):
    say(world.plans, world.ana, "old", "see **this** [page](http://example.org), please")
    page = as_(world.ben).get("/").content.decode()
    assert "Ana Lima: see this page, please" in page
    assert "No messages yet" in page


def test_direct_conversations_are_called_by_the_others(world, as_):
    assert entry(as_(world.ana), world.direct).name == "ben"
    assert entry(as_(world.ben), world.direct).name == "Ana Lima"


def test_what_one_has_left_or_never_joined_is_not_there(world, as_):
    assert world.town in entries(as_(world.ben))
    world.town.leave(world.ben)
    assert world.town not in entries(as_(world.ben))
    assert entries(as_(world.olga)) == []
    assert "You have no conversations yet" in as_(world.olga).get("/").content.decode()


def test_unread_messages_are_counted_to_a_hundred_and_own_ones_not(world, as_):
    say(world.plans, world.ana, *map(str, range(99)))
    assert entry(as_(world.ben), world.plans).unread == 99
    assert entry(as_(world.ana), world.plans).unread == 0
    say(world.plans, world.ana, "one", "two", "three")
    assert entry(as_(world.ben), world.plans).unread == 100
    assert ">99+<" in as_(world.ben).get("/").content.decode()


def test_old_messages_that_come_in_by_an_import_are_not_unread(world, as_):
    history(world.plans, world.ana, ["2020-01-01T00:00Z"])
    assert entry(as_(world.ben), world.plans).unread == 0


def test_reading_moves_the_mark_forward_and_never_back(world, as_):
    first, last = say(world.plans, world.ana, "one"), say(world.plans, world.ana, "two", "three")
    client = as_(world.ben)
    page = client.get(f"/c/{world.plans.pk}/").content.decode()
    assert f'name="message" value="{last.pk}"' in page
    for message, left in ((first, 2), (last, 0), (first, 0)):
        client.post(f"/c/{world.plans.pk}/mark-read/", {"message": message.pk})
        assert entry(client, world.plans).unread == left
    assert "Mark as read" not in client.get(f"/c/{world.plans.pk}/").content.decode()


def test_looking_changes_nothing(world, as_):
    say(world.plans, world.ana, "one")
    as_(world.ben).get(f"/c/{world.plans.pk}/")
    assert entry(as_(world.ben), world.plans).unread == 1


@pytest.mark.parametrize("message", ["", "x", "999999999"])
def test_the_mark_goes_to_messages_of_the_conversation_alone(world, as_, message):
    assert as_(world.ben).post(f"/c/{world.plans.pk}/mark-read/", {"message": message}).status_code == 404
    elsewhere = say(world.town, world.ana, "elsewhere")
    assert as_(world.ben).post(f"/c/{world.plans.pk}/mark-read/", {"message": elsewhere.pk}).status_code == 404


def test_it_pages_without_loss_or_repeat_also_where_times_are_equal(world, as_):
    busy = UserFactory()
    mine = [ConversationFactory(members=[busy]) for _ in range(45)]
    Conversation.objects.filter(pk__in=[each.pk for each in mine]).update(last_message_at="2026-01-01T00:00Z")
    client, seen, address = as_(busy), [], "/"
    while address:
        page = client.get(address).context["inbox"]
        seen += page.rows
        address = page.next and f"/?earlier={page.next}"
    assert seen == mine[::-1]
