"""The inbox: the reader's conversations, the last activity first, with unread counts."""

import pytest

from accounts.tests.factories import UserFactory
from conversations.models import Conversation
from conversations.tests.factories import ConversationFactory, history, say


def entries(client, address="/"):
    return client.get(address).context["inbox"].rows


def entry(client, conversation):
    return next(each for each in entries(client) if each == conversation)


def test_the_last_active_conversation_is_first(world, as_):
    assert entries(as_(world.ana)) == [world.direct, world.town, world.plans], (
        "without messages the newest conversation is first"
    )
    say(world.plans, world.ana, "hello")
    assert entries(as_(world.ana)) == [world.plans, world.direct, world.town]


def test_a_direct_conversation_is_listed_for_the_other_person_once_something_is_said(world, as_):
    assert world.direct in entries(as_(world.ana)), "who has started it sees it"
    page = as_(world.ben).get("/").content.decode()
    assert f'data-entry="{world.direct.pk}"' not in page
    say(world.direct, world.ana, "hello")
    page = as_(world.ben).get("/").content.decode()
    assert page.count(f'data-entry="{world.direct.pk}"') == 2, "in the sidebar and in the inbox"


def test_each_entry_shows_its_newest_message_as_plain_text(world, as_):
    say(world.plans, world.ana, "old", "see **this** [page](http://example.org), please")
    page = as_(world.ben).get("/").content.decode()
    assert "Ana Lima: see this page, please" in page
    assert "No messages yet" in page


def test_direct_conversations_are_named_after_the_other_people(world, as_):
    say(world.direct, world.ana, "hello")
    assert entry(as_(world.ana), world.direct).name == "ben"
    assert entry(as_(world.ben), world.direct).name == "Ana Lima"


def test_conversations_left_or_never_joined_are_not_listed(world, as_):
    assert world.town in entries(as_(world.ben))
    world.town.leave(world.ben)
    assert world.town not in entries(as_(world.ben))
    assert entries(as_(world.olga)) == []
    assert "You have no conversations yet" in as_(world.olga).get("/").content.decode()


def test_unread_messages_of_others_are_counted_up_to_a_hundred(world, as_):
    say(world.plans, world.ana, *map(str, range(99)))
    assert entry(as_(world.ben), world.plans).unread == 99
    assert entry(as_(world.ana), world.plans).unread == 0
    say(world.plans, world.ana, "one", "two", "three")
    assert entry(as_(world.ben), world.plans).unread == 100
    assert ">99+<" in as_(world.ben).get("/").content.decode()


def test_deleted_messages_and_mentions_leave_all_counts(world, as_):
    first, *_, last = [say(world.plans, world.ana, words) for words in ("one", "two", "three", "four @ben")]
    page = as_(world.ben).get("/").content.decode()
    assert "<title>(4) Inbox" in page
    assert "you are mentioned" in page
    first.delete_by(world.ana)
    last.delete_by(world.ana)
    page = as_(world.ben).get("/").content.decode()
    assert "<title>(2) Inbox" in page
    assert entry(as_(world.ben), world.plans).unread == 2
    assert "you are mentioned" not in page


def test_imported_old_messages_are_not_unread(world, as_):
    history(world.plans, world.ana, ["2020-01-01T00:00Z"])
    assert entry(as_(world.ben), world.plans).unread == 0


def test_reading_moves_the_read_marker_only_forward(world, as_):
    first, last = say(world.plans, world.ana, "one"), say(world.plans, world.ana, "two", "three")
    client = as_(world.ben)
    page = client.get(f"/c/{world.plans.pk}/").content.decode()
    assert f'name="message" value="{last.pk}"' in page
    for message, left in ((first, 2), (last, 0), (first, 0)):
        client.post(f"/c/{world.plans.pk}/mark-read/", {"message": message.pk})
        assert entry(client, world.plans).unread == left
    assert "Mark as read" not in client.get(f"/c/{world.plans.pk}/").content.decode()


def test_get_requests_do_not_move_the_read_marker(world, as_):
    say(world.plans, world.ana, "one")
    as_(world.ben).get(f"/c/{world.plans.pk}/")
    assert entry(as_(world.ben), world.plans).unread == 1


@pytest.mark.parametrize("message", ["", "x", "999999999"])
def test_the_read_marker_moves_only_to_messages_of_the_conversation(world, as_, message):
    assert as_(world.ben).post(f"/c/{world.plans.pk}/mark-read/", {"message": message}).status_code == 404
    elsewhere = say(world.town, world.ana, "elsewhere")
    assert as_(world.ben).post(f"/c/{world.plans.pk}/mark-read/", {"message": elsewhere.pk}).status_code == 404


def test_paging_loses_and_repeats_nothing_where_times_are_equal(world, as_):
    busy = UserFactory()
    mine = [ConversationFactory(members=[busy]) for _ in range(45)]
    Conversation.objects.filter(pk__in=[each.pk for each in mine]).update(last_message_at="2026-01-01T00:00Z")
    client, seen, address = as_(busy), [], "/"
    while address:
        page = client.get(address).context["inbox"]
        seen += page.rows
        address = page.next and f"/?earlier={page.next}"
    assert seen == mine[::-1]
