"""Members: their roles, who may change them, and the last owner."""

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


def test_an_owner_changes_roles(world, garden, as_):
    client = as_(world.ana)
    for role in ("reader", "owner", "member"):
        assert change(client, garden, "ben", role).status_code == 302
        assert roles(garden)["ben"] == role
    assert change(client, garden, "ben", "king").status_code == 403
    assert change(client, garden, "olga", "reader").status_code == 403, "people who are not members have no role"
    assert change(client, garden, "nobody", "reader").status_code == 404
    page = client.get(f"/c/{garden.pk}/").content.decode()
    assert "Ana Lima made ben read-only" in page
    assert not Audit.objects.exists(), "owners acting in their own conversation are not audited"


def test_readers_can_read_but_not_write(world, garden, as_):
    change(as_(world.ana), garden, "ben", "reader")
    page = as_(world.ben).get(f"/c/{garden.pk}/").content.decode()
    assert "You can read here, but not write" in page
    assert "<message-composer" not in page
    answer = as_(world.ben).post(f"/c/{garden.pk}/messages/", {"content": "no", "client_key": KEY})
    assert answer.status_code == 403


@pytest.mark.parametrize("way", ["join", "added", "invited"])
def test_readers_stay_readers_after_leaving_and_joining_again(world, garden, as_, way):
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


def test_guests_and_deactivated_people_can_not_become_owners(world, garden, as_):
    guest, gone = UserFactory(username="guest", role="guest"), UserFactory(username="gone", is_active=False)
    garden.admit([guest, gone])
    for name in ("guest", "gone"):
        assert change(as_(world.ana), garden, name, "owner").status_code == 403
    assert set(roles(garden).values()) == {"owner", "member"}


def test_a_removed_person_loses_access_and_is_notified(world, as_, django_capture_on_commit_callbacks):
    den = Conversation.objects.start(world.ana, "Den", "private", [world.ben])
    say(den, world.ben, "hello")
    assert visible_pairs(Conversation.objects.all(), [(world.ben.pk, den.pk)])
    with django_capture_on_commit_callbacks() as announcements:
        as_(world.ana).post(f"/c/{den.pk}/members/ben/remove/")
    assert f"left {den.pk} {world.ben.pk}" in [callback.args[0] for callback in announcements]
    assert as_(world.ben).get(f"/c/{den.pk}/").status_code == 404
    assert not visible_pairs(Conversation.objects.all(), [(world.ben.pk, den.pk)])
    assert "Ana Lima removed ben" in as_(world.ana).get(f"/c/{den.pk}/").content.decode()


def test_the_last_owner_can_not_leave_while_there_are_other_members(world, garden, as_):
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
    assert as_(world.ben).post(f"/c/{garden.pk}/leave/").status_code == 302, "there is nobody left to own it"


def step_down(conversation, person, other):
    conversation.change_role(person, person, "member")


def leave(conversation, person, other):
    conversation.leave(person)


def demote_other(conversation, person, other):
    conversation.change_role(person, other, "member")


def remove_other(conversation, person, other):
    conversation.remove(person, other)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("verb", [step_down, leave, demote_other, remove_other])
def test_one_owner_remains_when_two_step_down_concurrently(verb):
    owners = UserFactory.create_batch(2)
    conversation = Conversation.objects.start(owners[0], "Den", "open", [owners[1], UserFactory()])
    Membership.objects.filter(conversation=conversation, user__in=owners).update(role="owner")

    def attempt(number):
        try:
            verb(Conversation.objects.get(pk=conversation.pk), owners[number], owners[1 - number])
        except PermissionDenied:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(attempt, range(2))) == [False, True]
    assert conversation.memberships.owners().count() == 1


def test_permissions_are_checked_again_under_the_lock(world, garden):
    stale = User.objects.get(pk=world.ana.pk)
    garden.change_role(world.ana, world.ben, "owner")
    garden.change_role(world.ben, world.ana, "member")
    with pytest.raises(PermissionDenied):
        garden.rename(stale, "Mine", "")
    garden.change_role(world.ben, world.ana, "owner")
    User.objects.filter(pk=world.ana.pk).update(is_active=False)
    with pytest.raises(PermissionDenied):
        garden.rename(stale, "Mine", "")


def test_the_page_shows_management_buttons_only_to_owners(world, garden, as_):
    address = f"/c/{garden.pk}/members/"
    assert "/members/ben/remove/" in as_(world.ana).get(address).content.decode()
    assert "/remove/" not in as_(world.ben).get(address).content.decode()
