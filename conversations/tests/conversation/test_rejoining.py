"""Rejoining a conversation, and restoring removed members."""

from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied

from conversations.models import FormerMember
from conversations.tests.factories import ConversationFactory, say
from conversations.tests.undoing import let_pass, undo


def fields(conversation, person):
    membership = conversation.memberships.filter(user=person)
    return membership.values().get()


def build_up(conversation, person, reader):
    """Give the reader's membership a read marker, a notification level and a draft."""
    message = say(conversation, person, "one", "two")
    conversation.mark_read(reader, message)
    say(conversation, person, "three")
    conversation.set_notify(reader, "mentions")
    conversation.save_draft(reader, "half a sent", uuid4())


def test_undoing_leave_restores_the_membership(world, garden, as_):
    build_up(garden, world.ana, world.ben)
    before, client = fields(garden, world.ben), as_(world.ben)
    answer = client.post(f"/c/{garden.pk}/leave/")
    assert client.get(f"/c/{garden.pk}/").status_code == 404
    undo(client, answer)
    assert fields(garden, world.ben) == before
    assert not FormerMember.objects.exists()
    assert client.post(f"/c/{garden.pk}/rejoin/").status_code == 404, "only once"


def test_an_owner_rejoins_as_an_owner(world, garden, as_):
    garden.change_role(world.ana, world.ben, "owner")
    garden.leave(world.ana)
    garden.rejoin(world.ana)
    assert fields(garden, world.ana)["role"] == "owner"


@pytest.mark.parametrize("who", ["ana", "olga"])
def test_only_former_members_rejoin(world, garden, as_, who):
    garden.leave(world.ben)
    assert as_(getattr(world, who)).post(f"/c/{garden.pk}/rejoin/").status_code == 404


def test_rejoining_is_impossible_after_a_day(world, garden, as_):
    garden.leave(world.ben)
    let_pass(FormerMember, "ended_at", hours=25)
    assert as_(world.ben).post(f"/c/{garden.pk}/rejoin/").status_code == 404
    with pytest.raises(PermissionDenied):
        garden.rejoin(world.ben)


def test_a_removed_member_can_not_rejoin_but_an_owner_restores_them(world, garden, as_):
    build_up(garden, world.ana, world.ben)
    before, owner = fields(garden, world.ben), as_(world.ana)
    answer = owner.post(f"/c/{garden.pk}/members/ben/remove/")
    assert as_(world.ben).post(f"/c/{garden.pk}/rejoin/").status_code == 404
    undo(owner, answer)
    assert fields(garden, world.ben) == before
    assert "Recently removed" not in owner.get(f"/c/{garden.pk}/members/").content.decode()
    owner.post(f"/c/{garden.pk}/members/ben/remove/")
    assert "Recently removed" in owner.get(f"/c/{garden.pk}/members/").content.decode()


def test_only_owners_restore_a_removed_member(world, garden, as_):
    garden.admit([world.olga])
    garden.remove(world.ana, world.olga)
    for person, status in ((world.ben, 403), (world.olga, 404), (world.ana, 302)):
        assert as_(person).post(f"/c/{garden.pk}/members/olga/restore/").status_code == status
    garden.leave(world.ben)
    assert as_(world.ana).post(f"/c/{garden.pk}/members/ben/restore/").status_code == 403, (
        "people who left by themselves are not restored by others"
    )


def test_a_former_member_who_is_added_again_starts_as_a_new_member(world, garden, as_):
    garden.change_role(world.ana, world.ben, "owner")
    garden.leave(world.ben)
    garden.add(world.ana, [world.ben])
    assert fields(garden, world.ben)["role"] == "member"
    assert not FormerMember.objects.exists()


def test_old_memberships_are_forgotten_except_the_reader_role(world, garden):
    garden.admit([world.olga])
    garden.save_draft(world.ben, "unspeakable", uuid4())
    garden.change_role(world.ana, world.ben, "reader")
    for person in (world.ben, world.olga):
        garden.leave(person)
    FormerMember.objects.forget()
    assert FormerMember.objects.count() == 2
    let_pass(FormerMember, "ended_at", days=31)
    FormerMember.objects.forget()
    assert FormerMember.objects.get().membership == {"role": "reader"}


def test_a_deleted_conversation_can_not_be_rejoined(world, boss):
    conversation = ConversationFactory(members=[world.ana, world.ben])
    conversation.leave(world.ben)
    conversation.delete_by(boss)
    assert not conversation.rejoin(world.ben)
    assert not conversation.memberships.filter(user=world.ben).exists()
