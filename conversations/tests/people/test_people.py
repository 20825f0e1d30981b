"""People: the directory, profile pages, what guests see, and the messages of deleted accounts."""

import pytest

from accounts.tests.factories import UserFactory
from conversations.models import Conversation, Message
from conversations.models.access import visible_pairs
from conversations.tests.factories import ConversationFactory, say


@pytest.fixture
def guest(world):
    """A guest in one conversation, with Ben."""
    guest = UserFactory(username="guest", role="guest")
    ConversationFactory(title="With a guest", kind="open", members=[guest, world.ben])
    return guest


def test_people_are_listed_and_found_by_a_part_of_a_name(world, as_):
    page = as_(world.olga).get("/people/").content.decode()
    assert all(f"@{name}" in page for name in ("ana", "ben", "olga"))
    found = as_(world.olga).get("/people/?q=LIM").content.decode()
    assert "@ana" in found
    assert "@ben" not in found


def test_the_profile_page_opens_a_direct_conversation(world, as_):
    answer = as_(world.olga).post("/people/ana/message/")
    assert answer["Location"] == f"/c/{Conversation.objects.filter(kind='direct').latest('pk').pk}/"


def test_guests_see_only_people_in_their_conversations(world, guest, as_):
    page = as_(guest).get("/people/").content.decode()
    assert "@ben" in page
    assert "@ana" not in page
    assert as_(guest).get("/people/ben/").status_code == 200
    hidden, nobody = (as_(guest).get(f"/people/{name}/") for name in ("ana", "nobody"))
    assert (hidden.status_code, hidden.content) == (404, nobody.content)
    assert as_(guest).post("/people/ana/message/").status_code == 404
    assert as_(guest).post("/people/ben/message/").status_code == 302


def test_guests_see_only_open_conversations_they_are_members_of(world, guest, as_):
    assert as_(guest).get(f"/c/{world.town.pk}/").status_code == 404
    assert "Town hall" not in as_(guest).get("/c/browse/").content.decode()
    assert visible_pairs(Conversation.objects.all(), [(guest.pk, world.town.pk), (world.olga.pk, world.town.pk)]) == {
        (world.olga.pk, world.town.pk): None
    }


def test_guests_start_only_direct_conversations_with_people_they_know(world, guest, as_):
    client = as_(guest)
    assert client.post("/c/new/", {"kind": "open", "title": "Mine"}).status_code == 422
    assert "Nobody here is called ana" in client.post("/c/new/", {"kind": "direct", "people": ["ana"]}).content.decode()
    assert client.post("/c/new/", {"kind": "direct", "people": ["ben"]}).status_code == 302
    assert client.get("/reports/silent/").status_code == 403
    shared = Conversation.objects.get(title="With a guest")
    assert "ana" not in client.get(f"/c/{shared.pk}/members/").content.decode()
    assert client.post(f"/c/{shared.pk}/members/", {"people": ["ana"]}).status_code == 422
    assert not shared.members.filter(username="ana").exists()


@pytest.mark.parametrize("words", ["keep", "delete"])
def test_an_account_is_deleted_with_or_without_its_messages(world, as_, words):
    boss = UserFactory(role="owner")
    message, other = say(world.town, world.ana, "ana was here"), say(world.town, world.ben, "ben too")
    message.edit(world.ana, "ana is here")
    assert as_(boss).post("/people/ana/delete/", {"words": words, "username": "wrong"}).status_code == 422
    world.town.refresh_from_db()
    ana = as_(world.ana)
    assert ana.get("/").status_code == 200
    as_(boss).post("/people/ana/delete/", {"words": words, "username": "ana"})
    assert ana.get("/").status_code == 302, "all sessions end at once"
    page = as_(world.ben).get(f"/c/{world.town.pk}/").content.decode().partition('class="timeline"')[2]
    assert ("ana is here" in page) == (words == "keep")
    assert ("Ana Lima" in page) == (words == "keep"), "remaining messages show the name for now"
    assert Message.objects.get(pk=other.pk).deleted_at is None
    changes = as_(world.ben).get(f"/c/{world.town.pk}/changes/?after={world.town.revision}").content.decode()
    assert (f"m{message.pk}" in changes) == (words == "delete"), "open pages receive the deletion"


def test_owners_and_admins_can_not_open_private_conversations_of_others(world, as_):
    for role in ("admin", "owner"):
        assert as_(UserFactory(role=role)).get(f"/c/{world.plans.pk}/").status_code == 404


def test_the_last_owner_can_not_delete_their_account(world, as_):
    boss = UserFactory(username="boss", role="owner")
    message = say(world.town, world.ana, "stays")
    Message.objects.filter(pk=message.pk).update(user=boss)
    assert as_(boss).post("/people/boss/delete/", {"words": "delete", "username": "boss"}).status_code == 403
    boss.refresh_from_db()
    message.refresh_from_db()
    assert (boss.is_active, message.content) == (True, "stays")


def test_the_card_of_a_person_opens_from_their_messages(world, as_):
    message = say(world.town, world.ana, "words")
    page = as_(world.ben).get(f"/c/{world.town.pk}/").content.decode()
    assert page.count('href="/people/ana/"') == 2, "the face and the name"
    assert f'href="/m/{message.pk}/"' in page
    card = as_(world.ben).get("/people/ana/card/").content.decode()
    for part in (
        '<b dir="auto">Ana Lima</b>',
        "@ana",
        "local time",
        'action="/people/ana/message/"',
        'href="/people/ana/"',
    ):
        assert part in card
    assert "<html" not in card
    assert 'action="/people/ana/message/"' not in as_(world.ana).get("/people/ana/card/").content.decode()
    world.ana.is_active = False
    world.ana.save()
    card = as_(world.ben).get("/people/ana/card/").content.decode()
    assert "deactivated" in card
    assert "local time" not in card
