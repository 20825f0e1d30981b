"""Keyset pagination: nothing is lost or repeated where times are equal, and no page is too large."""

from datetime import UTC, datetime
from itertools import chain

import pytest

from accounts.tests.factories import UserFactory
from chatsite.speed.keyset import MAX_PAGE_BYTES
from conversations.models import Conversation, Message, Pin
from conversations.models.timeline import pages
from conversations.tests.factories import history, say

MOMENT = datetime(2026, 1, 2, 3, 4, 5, 678901, UTC)
HUGE = "ä" * 20_000  # 40,000 bytes


def walk(page_after):
    """Read a list from its first page to its last; return the pages."""
    cursor, found = None, []
    while not found or cursor:
        page = page_after(cursor)
        assert page.rows, "a next page that is announced is not empty"
        found.append(page.rows)
        cursor = page.next
    return found


def grow(messages):
    Message.objects.filter(pk__in=[message.pk for message in messages]).update(html=HUGE)


@pytest.mark.parametrize("order", ["newest_first", "oldest_first"])
def test_paging_a_thousand_rows_with_equal_times_loses_and_repeats_nothing(world, order):
    rows = history(world.town, world.ana, [MOMENT] * 1000)
    messages = getattr(world.town.messages.all(), order)()
    found = walk(lambda cursor: messages.page(cursor, 30))
    assert [len(page) for page in found] == [30] * 33 + [10]
    assert [*chain.from_iterable(found)] == (rows if order == "oldest_first" else rows[::-1])


@pytest.mark.parametrize("order", ["newest_first", "oldest_first"])
def test_a_page_of_huge_rows_is_limited_by_bytes_and_the_next_continues_exactly(world, order):
    rows = history(world.town, world.ana, [MOMENT] * 12)
    grow(rows)
    messages = getattr(world.town.messages.all(), order)()
    found = walk(lambda cursor: messages.page(cursor, 30))
    assert [len(page) for page in found] == [5, 5, 2]
    assert [*chain.from_iterable(found)] == (rows if order == "oldest_first" else rows[::-1])
    assert [len(page) for page in walk(lambda cursor: messages.page(cursor, 30, max_bytes=1))] == [1] * 12


def test_a_full_last_page_has_no_next_page(world):
    history(world.town, world.ana, [MOMENT] * 40)
    assert [len(page) for page in walk(lambda cursor: world.town.messages.newest_first().page(cursor, 20))] == [20, 20]


def test_a_list_ordered_by_one_column_can_be_paged(world):
    people = UserFactory.create_batch(5)
    found = walk(
        lambda cursor: (
            type(world.ana).objects.filter(pk__in=[each.pk for each in people]).order_by("username").page(cursor, 2)
        )
    )
    assert [len(page) for page in found] == [2, 2, 1]
    assert [*chain.from_iterable(found)] == sorted(people, key=lambda person: person.username)


def test_every_list_of_messages_is_bounded_by_bytes(world):
    rows = history(world.town, world.ana, [MOMENT] * 12)
    grow(rows)
    for message in rows:
        Pin.objects.create(message=message, conversation=world.town)
        message.save_for(world.ana)
    seen = Message.objects.visible_to(world.ana).with_extras()
    for messages in (world.town.messages.with_extras().pinned(), seen.saved_by(world.ana, done=False)):
        found = walk(lambda cursor, messages=messages: messages.page(cursor, 20))
        assert [*chain.from_iterable(found)] == rows[::-1]
        assert all(len(page) * 40_000 <= MAX_PAGE_BYTES for page in found)


def test_conversation_pages_are_limited_by_bytes_in_both_directions(world):
    rows = history(world.town, world.ana, [MOMENT] * 12)
    grow(rows)
    town = Conversation.objects.as_seen_by(world.ana).get(pk=world.town.pk)
    page, back = pages.latest(town), []
    while page:
        back = page.messages + back
        page = page.older and pages.older(town, page.older)
    assert back == rows
    page, there = pages.oldest(town.messages.all()), []
    while page:
        there += page.messages
        page = page.newer and pages.after(town.messages.all(), page.newer)
    assert there == rows
    middle = pages.around(town.messages.all(), rows[6])
    assert middle.messages == rows[4:9]
    assert (middle.older, middle.newer) == (rows[4].cursor, rows[8].cursor)
    rows[6].html = "x" * MAX_PAGE_BYTES
    alone = pages.around(town.messages.all(), rows[6])
    assert alone.messages == [rows[6]]
    assert pages.older(town, alone.older).messages == rows[1:6]
    assert pages.after(town.messages.all(), alone.newer).messages == rows[7:12]


def test_edit_history_pages_are_limited_by_bytes(world):
    message = say(world.town, world.ana, "first words")
    for number in range(8):
        message.earlier_texts.create(content=f"words {number}", html=HUGE)
    found = walk(lambda cursor: message.earlier_texts.newest_first().page(cursor, 20))
    assert [len(page) for page in found] == [6, 2]
    assert [each.content for each in chain.from_iterable(found)] == [f"words {number}" for number in reversed(range(8))]
