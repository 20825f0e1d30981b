"""Undo of a membership that ended by accident."""

from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied

from conversations.models import FormerMember
from conversations.tests.factories import ConversationFactory, say
from conversations.tests.undoing import let_pass, undo


def fields(conversation, person):
    membership = conversation.memberships.filter(user=person)
    return membership.values().get()


def make_much_of(conversation, person, reader):
    """Give somebody a membership with a past."""
    message = say(conversation, person, "one", "two")
    conversation.mark_read(reader, message)
    say(conversation, person, "three")
    conversation.set_notify(reader, "mentions")
    conversation.save_draft(reader, "half a sent", uuid4())


def test_who_left_by_accident_goes_on_as_before(world, garden, as_):
    make_much_of(garden, world.ana, world.ben)
    before, client = fields(garden, world.ben), as_(world.ben)
    answer = client.post(f"/c/{garden.pk}/leave/")
    assert client.get(f"/c/{garden.pk}/").status_code == 404
    undo(client, answer)
    assert fields(garden, world.ben) == before
    assert not FormerMember.objects.exists()
    assert client.post(f"/c/{garden.pk}/rejoin/").status_code == 404, "once"


def test_an_owner_who_comes_back_is_an_owner(world, garden, as_):
    garden.change_role(world.ana, world.ben, "owner")
    garden.leave(world.ana)
    garden.rejoin(world.ana)
    assert fields(garden, world.ana)["role"] == "owner"


@pytest.mark.parametrize("who", ["ana", "olga"])
def test_nobody_else_comes_back(world, garden, as_, who):
    garden.leave(world.ben)
    assert as_(getattr(world, who)).post(f"/c/{garden.pk}/rejoin/").status_code == 404


def test_after_a_day_one_has_to_be_added(world, garden, as_):
    garden.leave(world.ben)
    let_pass(FormerMember, "ended_at", hours=25)
    assert as_(world.ben).post(f"/c/{garden.pk}/rejoin/").status_code == 404
    with pytest.raises(PermissionDenied):
        garden.rejoin(world.ben)


def test_who_was_removed_does_not_come_back_by_themselves_but_by_an_owner(world, garden, as_):
    make_much_of(garden, world.ana, world.ben)
    before, owner = fields(garden, world.ben), as_(world.ana)
    answer = owner.post(f"/c/{garden.pk}/members/ben/remove/")
    assert as_(world.ben).post(f"/c/{garden.pk}/rejoin/").status_code == 404
    undo(owner, answer)
    assert fields(garden, world.ben) == before
    assert "Recently removed" not in owner.get(f"/c/{garden.pk}/members/").content.decode()
    owner.post(f"/c/{garden.pk}/members/ben/remove/")
    assert "Recently removed" in owner.get(f"/c/{garden.pk}/members/").content.decode()


def test_owners_alone_bring_somebody_back(world, garden, as_):
    garden.admit([world.olga])
    garden.remove(world.ana, world.olga)
    for person, status in ((world.ben, 403), (world.olga, 404), (world.ana, 302)):
        assert as_(person).post(f"/c/{garden.pk}/members/olga/restore/").status_code == status
    garden.leave(world.ben)
    assert as_(world.ana).post(f"/c/{garden.pk}/members/ben/restore/").status_code == 403, "who left is their own"


def test_who_comes_back_in_another_way_begins_anew(world, garden, as_):
    garden.change_role(world.ana, world.ben, "owner")
    garden.leave(world.ben)
    garden.add(world.ana, [world.ben])
    assert fields(garden, world.ben)["role"] == "member"
    assert not FormerMember.objects.exists()


def test_what_a_membership_was_is_forgotten_after_a_while_but_for_who_may_not_write(world, garden):
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


def test_a_former_member_says_nothing_of_a_conversation_that_is_gone(world, boss):
    place = ConversationFactory(members=[world.ana, world.ben])
    place.leave(world.ben)
    place.delete_by(boss)
    with pytest.raises(PermissionDenied):
        place.rejoin(world.ben)
