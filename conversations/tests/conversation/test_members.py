"""Members: what each may do, who decides that, and the last owner, who stays."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from accounts.models import Audit, User
from accounts.tests.factories import UserFactory
from conversations.models import Conversation, Membership
from conversations.models.access import visible_pairs
from conversations.tests.factories import say

KEY = "6f2ab8ae-3f35-4b0c-8d1c-8a7d4f0f6a11"


@pytest.fixture
def garden(world):
    return Conversation.objects.start(world.ana, "Garden", "open", [world.ben])


def roles(conversation):
    return dict(conversation.memberships.values_list("user__username", "role"))


def change(client, conversation, name, role):
    return client.post(f"/c/{conversation.pk}/members/{name}/role/", {"role": role})


def test_an_owner_gives_roles_and_takes_them(world, garden, as_):
    client = as_(world.ana)
    for role in ("reader", "owner", "member"):
        assert change(client, garden, "ben", role).status_code == 302
        assert roles(garden)["ben"] == role
    assert change(client, garden, "ben", "king").status_code == 403
    assert change(client, garden, "olga", "reader").status_code == 403, "who is no member has no role"
    assert change(client, garden, "nobody", "reader").status_code == 404
    page = client.get(f"/c/{garden.pk}/").content.decode()
    assert "Ana Lima made ben read-only" in page
    assert not Audit.objects.exists(), "what one does with one's own is nobody's business"


def test_who_is_read_only_reads(world, garden, as_):
    change(as_(world.ana), garden, "ben", "reader")
    page = as_(world.ben).get(f"/c/{garden.pk}/").content.decode()
    assert "You can read here, but not write" in page
    assert "<message-composer" not in page
    answer = as_(world.ben).post(f"/c/{garden.pk}/messages/", {"content": "no", "client_key": KEY})
    assert answer.status_code == 403


@pytest.mark.parametrize("way", ["join", "added", "invited"])
def test_nobody_gets_to_write_by_leaving_and_coming_again(world, garden, as_, way):
    change(as_(world.ana), garden, "ben", "reader")
    as_(world.ben).post(f"/c/{garden.pk}/leave/")
    assert "ben" not in roles(garden)
    if way == "join":
        as_(world.ben).post(f"/c/{garden.pk}/join/")
    elif way == "added":
        as_(world.ana).post(f"/c/{garden.pk}/members/", {"people": ["ben"]})
    else:
        garden.admit([world.ben])
    assert roles(garden)["ben"] == "reader"


def test_guests_and_who_can_not_come_in_are_no_owners(world, garden, as_):
    guest, gone = UserFactory(username="guest", role="guest"), UserFactory(username="gone", is_active=False)
    garden.admit([guest, gone])
    for name in ("guest", "gone"):
        assert change(as_(world.ana), garden, name, "owner").status_code == 403
    assert set(roles(garden).values()) == {"owner", "member"}


def test_who_is_removed_sees_no_more_and_is_told_so(world, as_, django_capture_on_commit_callbacks):
    place = Conversation.objects.start(world.ana, "Den", "private", [world.ben])
    say(place, world.ben, "hello")
    assert visible_pairs(Conversation.objects.all(), [(world.ben.pk, place.pk)])
    with django_capture_on_commit_callbacks() as told:
        as_(world.ana).post(f"/c/{place.pk}/members/ben/remove/")
    assert f"left {place.pk} {world.ben.pk}" in [callback.args[0] for callback in told]
    assert as_(world.ben).get(f"/c/{place.pk}/").status_code == 404
    assert not visible_pairs(Conversation.objects.all(), [(world.ben.pk, place.pk)])
    assert "Ana Lima removed ben" in as_(world.ana).get(f"/c/{place.pk}/").content.decode()


def test_the_last_owner_stays_while_there_are_others(world, garden, as_):
    client = as_(world.ana)
    for answer in (
        client.post(f"/c/{garden.pk}/leave/"),
        change(client, garden, "ana", "member"),
        as_(UserFactory(role="admin")).post(f"/c/{garden.pk}/members/ana/remove/"),
        change(as_(UserFactory(role="admin")), garden, "ana", "reader"),
    ):
        assert answer.status_code == 403
        assert "Make somebody else an owner first." in answer.content.decode()
    with pytest.raises(PermissionDenied, match="owner first"):
        garden.replace_members(world.ana, [world.ben])
    assert roles(garden) == {"ana": "owner", "ben": "member"}
    change(client, garden, "ben", "owner")
    assert client.post(f"/c/{garden.pk}/leave/").status_code == 302
    assert roles(garden) == {"ben": "owner"}
    assert as_(world.ben).post(f"/c/{garden.pk}/leave/").status_code == 302, "the last one leaves nobody behind"


def step_down(conversation, person, other):
    conversation.change_role(person, person, "member")


def go(conversation, person, other):
    conversation.leave(person)


def push_down(conversation, person, other):
    conversation.change_role(person, other, "member")


def push_out(conversation, person, other):
    conversation.remove(person, other)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("verb", [step_down, go, push_down, push_out])
def test_of_two_owners_who_go_at_once_one_stays(verb):
    owners = UserFactory.create_batch(2)
    place = Conversation.objects.start(owners[0], "Den", "open", [owners[1], UserFactory()])
    Membership.objects.filter(conversation=place, user__in=owners).update(role="owner")

    def attempt(number):
        try:
            verb(Conversation.objects.get(pk=place.pk), owners[number], owners[1 - number])
        except PermissionDenied:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(attempt, range(2))) == [False, True]
    assert place.memberships.owners().count() == 1


def test_rights_are_those_of_this_moment_and_not_of_when_a_request_began(world, garden):
    stale = User.objects.get(pk=world.ana.pk)
    garden.change_role(world.ana, world.ben, "owner")
    garden.change_role(world.ben, world.ana, "member")
    with pytest.raises(PermissionDenied):
        garden.rename(stale, "Mine", "")
    garden.change_role(world.ben, world.ana, "owner")
    User.objects.filter(pk=world.ana.pk).update(is_active=False)
    with pytest.raises(PermissionDenied):
        garden.rename(stale, "Mine", "")


def test_the_page_offers_owners_and_no_others_to_decide(world, garden, as_):
    address = f"/c/{garden.pk}/members/"
    assert "/members/ben/remove/" in as_(world.ana).get(address).content.decode()
    assert "/remove/" not in as_(world.ben).get(address).content.decode()
