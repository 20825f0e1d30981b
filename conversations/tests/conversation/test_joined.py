"""A system message says who joined: one for all who join in a row, and it makes nothing unread."""

from datetime import timedelta

import pytest
from django.db.models import F

from accounts.models import User
from accounts.tests.factories import UserFactory
from conversations.models import Conversation, Event, Message
from conversations.models.conversation.visibility import Reach
from conversations.models.inbox.inbox_filter import InboxFilter
from conversations.tests.factories import say

MANY = Reach(1000, 1000)


@pytest.fixture
def square(world, garden):
    garden.open(world.ana, MANY)
    say(garden, world.ana, "words")
    return garden


def lines(client, place):
    page = client.get(f"/c/{place.pk}/").content.decode()
    return [part.partition("<p>")[2].partition("</p>")[0] for part in page.split('class="system"')[1:]][1:]


def come(place, *names):
    for name in names:
        place.join(UserFactory(username=name.lower(), display_name=name))


def test_a_conversation_says_who_joined(world, square, as_):
    come(square, "Cleo")
    assert lines(as_(world.ana), square) == ["Cleo joined"]
    come(square, "Dina")
    assert lines(as_(world.ana), square) == ["Dina and Cleo joined"]
    come(square, "Emil")
    assert lines(as_(world.ana), square) == ["Emil, Dina and Cleo joined"]
    come(square, "Fay", "Gus")
    assert lines(as_(world.ana), square) == ["Gus, Fay and 3 others joined"]
    say(square, world.ana, "Welcome")
    come(square, "Hal")
    assert lines(as_(world.ana), square) == ["Gus, Fay and 3 others joined", "Hal joined"]


def test_people_who_are_added_or_invited_join_too(world, square, as_):
    new = [UserFactory(display_name=name) for name in ("Cleo", "Dina")]
    square.add(world.ana, new)
    square.add(world.ana, new)
    assert lines(as_(world.ana), square) == ["Cleo and Dina joined"]


def test_somebody_who_joined_longer_ago_has_a_line_of_their_own(world, square, as_):
    come(square, "Cleo")
    for model in (Event, Message):
        model.objects.update(created_at=F("created_at") - timedelta(hours=4))
    come(square, "Dina")
    assert lines(as_(world.ana), square) == ["Cleo joined", "Dina joined"]


def test_somebody_who_leaves_and_joins_again_is_named_once(world, square, as_):
    come(square, "Cleo", "Dina", "Emil", "Fay")
    cleo = User.objects.get(username="cleo")
    square.leave(cleo)
    square.join(cleo)
    assert lines(as_(world.ana), square) == ["Fay, Emil and 2 others joined"]


def test_joining_makes_nothing_unread_and_moves_no_conversation_up(world, square):
    say(square, world.ana, "newest")
    square.mark_read(world.ben, square.messages.newest_first().first())
    before = Conversation.objects.inbox_of(world.ben).get(pk=square.pk)
    come(square, "Cleo", "Dina")
    after = Conversation.objects.inbox_of(world.ben).get(pk=square.pk)
    assert (before.unread, after.unread) == (0, 0)
    assert before.last_message_at == after.last_message_at
    assert "newest" in after.preview_words
    assert square not in Conversation.objects.inbox_showing(world.ben, InboxFilter.UNREAD)
    say(square, world.ana, "one")
    come(square, "Emil")
    assert Conversation.objects.inbox_of(world.ben).get(pk=square.pk).unread == 1


def test_a_marker_at_who_joined_hides_no_later_message_of_a_clock_that_went_back(world, square):
    come(square, "Cleo")
    square.messages.filter(is_silent=True).update(created_at=F("created_at") + timedelta(hours=1))
    square.refresh_from_db()
    square.mark_read(world.ben, square.messages.get(is_silent=True))
    say(square, world.ana, "later")
    assert Conversation.objects.inbox_of(world.ben).get(pk=square.pk).unread == 1


def test_open_pages_and_search_treat_it_as_a_system_message(world, square, as_):
    come(square, "Cleo")
    revision = Message.objects.get(is_silent=True).revision
    come(square, "Dina")
    changes = as_(world.ana).get(f"/c/{square.pk}/changes/?after={revision}").content.decode()
    assert "Dina and Cleo joined" in changes
    assert "No results for" in as_(world.ana).get("/search/?q=joined").content.decode()


def test_somebody_who_left_rejoins_though_others_joined(world, square):
    square.leave(world.ben)
    come(square, "Cleo")
    assert square.rejoin(world.ben)
    assert square.memberships.filter(user=world.ben).exists()


def test_a_removed_account_leaves_no_name(world, square, as_):
    come(square, "Cleo")
    User.objects.get(username="cleo").delete()
    assert lines(as_(world.ana), square) == ["a deleted account joined"]


def test_a_new_or_direct_conversation_does_not_say_it(world):
    place = Conversation.objects.start(world.ana, "Yard", "private", [world.ben])
    direct = Conversation.objects.direct(world.ana, [world.ben])
    assert not Message.objects.filter(conversation__in=[place, direct]).exists()
