"""Choosing people and conversations: by any three letters, with a typo, and without JavaScript."""

import re

import pytest

from accounts.models import User
from accounts.tests.factories import UserFactory
from conversations.models import Conversation
from conversations.tests.factories import ConversationFactory

NAMES = """Ana Benjamin Chloé Dmitri Élodie Fátima Grzegorz Hüseyin Iñigo Jürgen Katarzyna Łukasz Mária Ngozi
Abernathy Brontë Castañeda Dvořák Eriksson Featherstonehaugh García Håkansson Ivanov Jóhannsdóttir"""
FIRST, LAST = (line.split() for line in NAMES.splitlines())
SUGGESTED = re.compile('data-key="([^"]+)"')
CHECKED = re.compile(r'<input type="checkbox" name="people" value="([^"]+)" checked>')
FOUND = re.compile(r'<input type="checkbox" name="people" value="([^"]+)"> ')


def plain(name):
    return name.lower().translate(str.maketrans("áéëíóôöøåãčđěñřšúüýžłç", "aeeiooooaacdenrsuuyzlc")).replace(" ", ".")


@pytest.fixture
def crowd(world):
    """Eight hundred people; a pair of names is there once in a hundred."""
    names = [f"{first} {last}" for first in FIRST for last in LAST]
    people = [
        User(username=f"{plain(name)}{number or ''}", email=f"{plain(name)}{number}@example.org", display_name=name)
        for number in range(5)
        for name in names
    ]
    User.objects.bulk_create(people)
    return world


def suggested(client, letters, **more):
    return SUGGESTED.findall(client.get("/people-suggestions/", {"q": letters} | more).content.decode())


def test_any_three_letters_of_a_name_find_the_person_among_eight_hundred(crowd, as_):
    client = as_(crowd.ana)
    rare = UserFactory(username="xq7", display_name="Zsófia Quigley-Ūnalaška", email="z@example.org")
    name = "zsofia quigley-unalaska"
    threes = {name[at : at + 3] for at in range(len(name) - 2) if " " not in name[at : at + 3]} | {"xq7", "ZSÓ", "Una"}
    for letters in threes:
        assert "xq7" in suggested(client, letters), letters
    assert suggested(client, "quigley zso") == ["xq7"], "words in any order"
    assert suggested(client, "@xq7") == ["xq7"]
    assert suggested(client, "Zsofja") == suggested(client, "Zsfoia") == suggested(client, "Quigly") == ["xq7"]
    assert suggested(client, "nobody at all") == []
    rare.deactivate(None)
    assert suggested(client, "zso") == []


def test_words_that_begin_with_the_letters_come_first(crowd, as_):
    found = suggested(as_(crowd.ana), "vor")
    assert len(found) > 50, "in the middle of Dvořák"
    UserFactory(username="zed", display_name="Zed Vorster")
    assert suggested(as_(crowd.ana), "vor") == ["zed", *found]


def test_guests_are_told_only_of_people_in_their_conversations(world, as_):
    guest = UserFactory(role="guest")
    world.town.admit([guest])
    assert set(suggested(as_(guest), "")) == {"ana", "ben"}
    assert suggested(as_(guest), "olga") == []
    assert suggested(as_(world.ana), "olga", conversation=world.plans.pk) == ["olga"]
    assert suggested(as_(world.ana), "ben", conversation=world.plans.pk) == [], "a member already"
    assert as_(world.olga).get("/people-suggestions/", {"conversation": world.plans.pk}).status_code == 404


def test_without_javascript_what_is_chosen_stays_over_several_searches(crowd, as_):
    client = as_(crowd.ana)
    form = {"kind": "private", "title": "Garden", "people": ["ben"], "people-search": "Featherstone elo"}
    page = client.post("/c/new/", form).content.decode()
    assert not Conversation.objects.filter(title="Garden").exists(), "a search is not sent as the form"
    assert CHECKED.findall(page) == ["ben"]
    found = FOUND.findall(page)
    assert len(found) == 5
    assert 'value="Garden"' in page
    form |= {"people": ["ben", found[0]], "people-searched": "Featherstone elo", "people-search": "olga"}
    page = client.post("/c/new/", form).content.decode()
    assert set(CHECKED.findall(page)) == {"ben", found[0]}
    assert FOUND.findall(page) == ["olga"]
    form |= {"people": ["ben", found[0], "olga"], "people-searched": "olga"}
    assert client.post("/c/new/", form).status_code == 302
    started = Conversation.objects.get(title="Garden")
    assert set(started.members.values_list("username", flat=True)) == {"ana", "ben", "olga", found[0]}


def test_a_search_that_finds_nobody_says_so_and_sends_nothing(world, as_):
    form = {"kind": "private", "title": "Garden", "people-search": "zzz", "people-searched": ""}
    page = as_(world.ana).post("/c/new/", form).content.decode()
    assert "Nothing found for “zzz”. Try fewer letters." in page
    assert not Conversation.objects.filter(title="Garden").exists()


def test_invitations_find_conversations_by_title(world, as_):
    boss = UserFactory(role="owner")
    ConversationFactory.create_batch(150)
    rare = ConversationFactory(title="Über-Öfen")
    client = as_(boss)
    address = "/invitations/conversations/"
    assert SUGGESTED.findall(client.get(address, {"q": "ofe"}).content.decode()) == [str(rare.pk)]
    assert str(world.plans.pk) not in SUGGESTED.findall(client.get(address, {"q": "plans"}).content.decode())
    assert client.get("/invitations/").content.decode().count('name="conversations"') <= 25


def test_an_address_can_name_whom_to_start_with(world, as_):
    page = as_(world.ana).get("/c/new/?kind=direct&people=ben").content.decode()
    assert CHECKED.findall(page) == ["ben"]
    assert "New direct message" in page
    assert 'type="text" name="title"' not in page
    assert 'type="text" name="title"' in as_(world.ana).get("/c/new/").content.decode()


def test_no_more_are_looked_up_than_can_be_chosen(crowd, as_):
    names = User.objects.order_by("pk").values_list("username", flat=True)[:300]
    answer = as_(crowd.ana).post("/c/new/", {"kind": "private", "title": "Yard", "people": " ".join(names)})
    assert answer.status_code == 422
    assert 0 < len(CHECKED.findall(answer.content.decode())) <= 200


def test_a_form_on_every_page_leads_back_to_this_site(world, as_):
    for page in ("//evil.example/x", "///evil.example/x?a=b"):
        answer = as_(world.ana).post(f"/c/{world.town.pk}/favour/", headers={"Referer": f"http://testserver{page}"})
        assert answer["Location"].startswith("/evil.example/x")
