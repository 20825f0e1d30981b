"""Browsing open conversations and people: search, order, pages; and titles that others have already."""

import re

import pytest

from accounts.tests.factories import UserFactory
from conversations.models import Conversation
from conversations.models.browsing import PAGE_BROWSED
from conversations.tests.factories import ConversationFactory, say

LISTED = re.compile(r'<h2 dir="auto"><a href="/c/(\d+)/">')


def listed(client, address):
    """Return the ids on all pages of a list, and the number of pages."""
    found, pages = [], 0
    while address:
        page = client.get(address).content.decode()
        found += map(int, LISTED.findall(page))
        pages += 1
        more = re.search(r'href="(\?[^"]*earlier=[^"]+)"', page)
        address = more and "/c/browse/" + more[1].replace("&amp;", "&")
    return found, pages


def names_in(page):
    return re.findall(r'<b dir="auto">([^<]+)</b>', page.partition('<ul class="people">')[2])


@pytest.fixture
def many(world):
    """More open conversations than fit on a page, some with equal titles and members."""
    boss = UserFactory(role="owner")
    for number in range(PAGE_BROWSED + 10):
        members = [world.ben] if number % 3 else []
        ConversationFactory(title=f"Oven {number % 7}", topic="Überstunden" if number == 5 else "", members=members)
    say(world.town, world.ana, "newest")
    return boss


@pytest.mark.parametrize(
    ("order", "key"),
    [
        ("", lambda each: (-each.last_message_at.timestamp(), -each.pk)),
        ("newest", lambda each: (-each.created_at.timestamp(), -each.pk)),
        ("name", lambda each: (each.title.lower(), each.pk)),
        ("members", lambda each: (-each.members.count(), -each.pk)),
    ],
)
def test_all_open_conversations_are_listed_once_in_order(many, as_, order, key):
    found, pages = listed(as_(many), f"/c/browse/?by={order}")
    wanted = sorted(Conversation.objects.filter(kind="open"), key=key)
    assert found == [each.pk for each in wanted]
    assert pages == 2


def test_open_conversations_are_found_by_parts_of_title_and_topic(many, world, as_):
    assert listed(as_(many), "/c/browse/?q=TOWN+hal")[0] == [world.town.pk]
    assert len(listed(as_(many), "/c/browse/?q=uberst")[0]) == 1
    assert listed(as_(many), "/c/browse/?q=plans")[0] == [], "a private one"
    assert "Try fewer letters." in as_(many).get("/c/browse/?q=zzz").content.decode()
    assert as_(many).get("/c/browse/?by=nonsense&earlier=nonsense").status_code == 404
    assert as_(many).get("/c/browse/?by=members&earlier=nonsense").status_code == 200


def test_members_are_counted_exactly(world, as_):
    UserFactory.create_batch(130)
    world.town.admit(list(Conversation.objects.get(pk=world.town.pk).people_outside()))
    assert "133 members" in as_(world.ana).get("/c/browse/").content.decode()


@pytest.mark.parametrize(("order", "first"), [("", "Aaron"), ("newest", "Zoë")])
def test_people_are_listed_by_name_or_newest(world, as_, order, first):
    UserFactory(username="zz", display_name="Aaron")
    UserFactory.create_batch(60, display_name="Éva")
    UserFactory(username="aa", display_name="Zoë")
    client, address, names = as_(world.ana), f"/people/?by={order}", []
    while address:
        page = client.get(address).content.decode()
        names += names_in(page)
        more = re.search(r'href="(\?[^"]*after=[^"]+)"', page)
        address = more and "/people/" + more[1].replace("&amp;", "&")
    assert (names[0], len(names)) == (first, 65)
    if not order:
        assert names.index("ben") < names.index("Éva") < names.index("olga")


def test_members_are_found_by_name_and_listed_by_role(garden, world, as_):
    garden.admit(UserFactory.create_batch(60, display_name="Member"))
    address = f"/c/{garden.pk}/members/"
    page = as_(world.ana).get(f"{address}?by=role").content.decode()
    assert names_in(page)[0] == "Ana Lima"
    page = as_(world.ana).get(f"{address}?q=lim+ana").content.decode()
    assert names_in(page) == ["Ana Lima"]
    assert "Make read-only" in page
    assert "Make read-only" not in as_(world.ben).get(address).content.decode(), "Ben does not manage it"


@pytest.mark.parametrize("title", ["Town hall", "# TOWN  HALL", "#townhall", "Tówn hall"])
def test_two_open_conversations_have_one_title_only_after_a_warning(world, as_, title):
    client, form = as_(world.olga), {"kind": "open", "title": title}
    answer = client.post("/c/new/", form)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'title: <a href="/c/{world.town.pk}/">Town hall</a>. Join it, or choose another title.' in page
    assert 'type="checkbox" name="same_title"' in page
    assert client.post("/c/new/", form | {"same_title": "on"}).status_code == 302
    assert client.post("/c/new/", form | {"kind": "private"}).status_code == 302


def test_renaming_and_opening_warn_of_an_equal_title(world, as_):
    mine = Conversation.objects.start(world.olga, "Garden", "open")
    client, form = as_(world.olga), {"title": "town hall", "topic": ""}
    assert client.post(f"/c/{mine.pk}/settings/", form | {"title": "Garden", "topic": "Trees"}).status_code == 302
    assert client.post(f"/c/{mine.pk}/settings/", form).status_code == 422
    assert client.post(f"/c/{mine.pk}/settings/", form | {"same_title": "on"}).status_code == 302
    hidden = Conversation.objects.start(world.olga, "Town hall", "private")
    assert "already an open conversation" in client.get(f"/c/{hidden.pk}/kind/").content.decode()
    other = Conversation.objects.start(world.olga, "Only one", "private")
    assert "already an open conversation" not in client.get(f"/c/{other.pk}/kind/").content.decode()


def test_a_private_title_is_not_given_away(world, as_):
    assert as_(world.olga).post("/c/new/", {"kind": "open", "title": "Plans"}).status_code == 302
