"""Undo asks whether the forward act would be allowed now: every verb that undoes, and what changed meanwhile."""

import pytest

from accounts.models import NotAllowed, User
from accounts.tests.factories import UserFactory
from conversations.models import Conversation, FormerMember, Invitation, Message
from conversations.models.account_deletion import delete_account, restore_account
from conversations.models.conversation.visibility import Reach
from conversations.tests.factories import ConversationFactory, say

MANY = Reach(99, 99)


@pytest.fixture
def square(world):
    """An open conversation that Ana owns, with Ben as a member."""
    return Conversation.objects.start(world.ana, "Square", "open", [world.ben])


def become(person, **fields):
    User.objects.filter(pk=person.pk).update(**fields)
    person.refresh_from_db()


# Rejoining: what happened since Ben left, and whether he is a member again, of the private garden and the open square.
SINCE = {
    "nothing": (lambda world, there: None, True, True),
    "somebody wrote": (lambda world, there: say(there, world.ana, "secret"), False, True),
    "what somebody wrote is deleted": (
        lambda world, there: say(there, world.ana, "secret").delete_by(world.ana),
        False,
        True,
    ),
    "an earlier message was edited": (lambda world, there: world.early[there.pk].edit(world.ana, "new"), False, True),
    "somebody was added": (lambda world, there: there.add(world.ana, [world.olga]), True, True),
    "it was renamed": (lambda world, there: there.rename(world.ana, "Other", ""), False, True),
    "it was archived": (lambda world, there: there.archive(world.ana), False, False),
    "it was deleted": (lambda world, there: there.delete_by(world.ana), False, False),
    "it became private": (
        lambda world, there: there.close(world.ana, MANY) if there.kind == "open" else there.rename(world.ana, "x", ""),
        False,
        False,
    ),
    "he became a guest, and somebody wrote": (
        lambda world, there: (say(there, world.ana, "secret"), become(world.ben, role="guest")),
        False,
        False,
    ),
}


@pytest.mark.parametrize("since", SINCE)
@pytest.mark.parametrize("kind", ["garden", "square"])
def test_whoever_left_rejoins_or_asks(world, garden, square, as_, kind, since):
    there = {"garden": garden, "square": square}[kind]
    happen, private, open_ = SINCE[since]
    world.early = {there.pk: say(there, world.ana, "early")}
    client = as_(world.ben)
    client.post(f"/c/{there.pk}/leave/")
    happen(world, there)
    answer = client.post(f"/c/{there.pk}/rejoin/")
    is_member = there.memberships.filter(user=world.ben).exists()
    assert is_member == (private if kind == "garden" else open_)
    assert answer.status_code == 302
    if not is_member:
        assert answer["Location"] == "/"
        assert "its owners were asked to let you rejoin" in client.get("/").content.decode()
        assert FormerMember.objects.requests().get().user == world.ben


def test_an_owner_answers_a_request_once(world, garden, as_):
    garden.change_role(world.ana, world.ben, "owner")
    garden.leave(world.ben)
    say(garden, world.ana, "meanwhile")
    mal, owner = as_(world.ben), as_(world.ana)
    first, again = (mal.post(f"/c/{garden.pk}/rejoin/") for _ in range(2))
    assert (first.status_code, first["Location"]) == (again.status_code, again["Location"])
    assert "ben asked to rejoin" in owner.get(f"/c/{garden.pk}/").content.decode()
    assert garden.events.filter(verb="asked to rejoin").count() == 1
    assert "Requests to rejoin" in owner.get(f"/c/{garden.pk}/members/").content.decode()
    assert owner.post(f"/c/{garden.pk}/members/ben/readmit/").status_code == 302
    assert garden.memberships.get(user=world.ben).role == "member", "an owner decides about owners"
    assert owner.post(f"/c/{garden.pk}/members/ben/readmit/").status_code == 403
    assert "let ben rejoin" in owner.get(f"/c/{garden.pk}/").content.decode()


def test_a_declined_request_is_answered_like_an_open_one(world, garden, as_):
    garden.leave(world.ben)
    say(garden, world.ana, "meanwhile")
    client = as_(world.ben)
    first = client.post(f"/c/{garden.pk}/rejoin/")
    garden.decline_request(world.ana, world.ben)
    again = client.post(f"/c/{garden.pk}/rejoin/")
    assert (first.status_code, first["Location"]) == (again.status_code, again["Location"])
    assert not FormerMember.objects.requests().exists()
    assert not garden.memberships.filter(user=world.ben).exists()


def test_only_those_who_manage_the_conversation_answer(world, garden, as_):
    garden.add(world.ana, [world.olga])
    garden.leave(world.ben)
    say(garden, world.ana, "meanwhile")
    garden.rejoin(world.ben)
    assert "Requests to rejoin" not in as_(world.olga).get(f"/c/{garden.pk}/members/").content.decode()
    for verb in (garden.accept_request, garden.decline_request):
        with pytest.raises(NotAllowed):
            verb(world.olga, world.ben)
    garden.archive(world.ana)
    with pytest.raises(NotAllowed):
        garden.accept_request(world.ana, world.ben)


def author_of(world, garden):
    message = say(garden, world.ben, "words")
    message.delete_by(world.ben)
    return lambda: message.restore_by(world.ben)


def hider_of(world, garden):
    message = say(garden, world.ben, "words")
    message.hide(world.ana, "reason")
    return lambda: message.restore_by(world.ana)


def archiver(world, garden):
    garden.archive(world.ana)
    return lambda: garden.unarchive(world.ana)


def remover(world, garden):
    garden.remove(world.ana, world.ben)
    return lambda: garden.restore_member(world.ana, world.ben)


def deleter(world, garden):
    garden.delete_by(world.ana)
    return lambda: garden.restore_by(world.ana)


def demote(name):
    return lambda world, garden: garden.memberships.filter(user=getattr(world, name)).update(role="reader")


def expel(name):
    return lambda world, garden: garden.memberships.filter(user=getattr(world, name)).delete()


def guest(name):
    return lambda world, garden: become(getattr(world, name), role="guest")


def deactivate(name):
    return lambda world, garden: become(getattr(world, name), is_active=False)


def archive(world, garden):
    Conversation.objects.filter(pk=garden.pk).update(archived_at="2026-01-01T00:00Z")


REFUSED = [
    *[(author_of, each) for each in (demote("ben"), expel("ben"), deactivate("ben"), archive)],
    *[(each, change) for each in (hider_of, archiver, remover) for change in (demote("ana"), expel("ana"))],
    *[
        (each, change)
        for each in (hider_of, archiver, remover, deleter)
        for change in (guest("ana"), deactivate("ana"))
    ],
    *[(deleter, each) for each in (demote("ana"), expel("ana"))],
    *[(remover, each) for each in (deactivate("ben"), archive)],
]


@pytest.mark.parametrize(("act", "change"), REFUSED)
def test_an_undo_is_refused_where_the_act_would_be(world, garden, act, change):
    garden.memberships.create(user=world.olga, role="owner")
    undo = act(world, garden)
    change(world, garden)
    before = list(Message.objects.values()), list(garden.memberships.values())
    with pytest.raises(NotAllowed):
        undo()
    garden.refresh_from_db()
    assert (list(Message.objects.values()), list(garden.memberships.values())) == before


@pytest.mark.parametrize("act", [author_of, hider_of, archiver, remover, deleter])
def test_an_undo_works_where_nothing_changed(world, garden, act):
    act(world, garden)()


def test_a_restored_member_who_became_a_guest_is_no_owner(world, garden):
    garden.change_role(world.ana, world.ben, "owner")
    garden.remove(world.ana, world.ben)
    become(world.ben, role="guest")
    garden.restore_member(world.ana, world.ben)
    assert garden.memberships.get(user=world.ben).role == "member"


def test_moderators_do_not_restore_what_its_author_deleted(world, garden, boss):
    garden.add(world.ana, [boss])
    message = say(garden, world.ben, "words")
    message.delete_by(world.ben)
    for person in (boss, world.ana):
        assert not message.is_restorable_by(person)
        with pytest.raises(NotAllowed):
            message.restore_by(person)


def test_one_function_decides_who_hides_and_restores(world, garden, boss):
    """For each person, the messages that they may hide are those that they may restore once hidden."""
    people = {role: UserFactory(username=role) for role in ("owner", "member", "reader", "exguest")}
    for name, person in people.items():
        garden.memberships.create(user=person, role="owner" if name == "exguest" else name)
    become(people["exguest"], role="guest")
    message = say(garden, world.ben, "words")
    may_hide = {name: message.may_be_hidden_by(person) for name, person in people.items()}
    message.hide(world.ana, "reason")
    assert may_hide == {name: message.is_restorable_by(person) for name, person in people.items()}
    assert may_hide == {"owner": True, "member": False, "reader": False, "exguest": False}
    assert not message.is_restorable_by(boss), "who is no member"


CHANGED_PEOPLE = {
    "by is no admin any more": lambda admin, person: become(admin, role="member"),
    "by is deactivated": lambda admin, person: become(admin, is_active=False),
    "they became an owner": lambda admin, person: become(person, role="owner"),
}


@pytest.mark.parametrize("change", CHANGED_PEOPLE.values(), ids=CHANGED_PEOPLE)
@pytest.mark.parametrize("verb", ["reactivate", "restore"])
def test_accounts_are_restored_only_by_those_who_manage_them_now(world, verb, change):
    admin = UserFactory(role="admin")
    if verb == "reactivate":
        world.ben.deactivate(admin)
    else:
        delete_account(admin, world.ben, with_words=False)
    change(admin, world.ben)
    with pytest.raises(NotAllowed):
        world.ben.reactivate(admin) if verb == "reactivate" else restore_account(admin, world.ben)
    world.ben.refresh_from_db()
    assert not world.ben.is_active


def test_an_invitation_readmits_nobody_who_was_removed(world, garden, boss, as_):
    garden.add(world.ana, [boss])
    both = Invitation.objects.invite(boss, uses=9, conversations=[garden, world.town])
    alone = Invitation.objects.invite(boss, uses=9, conversations=[garden])
    garden.remove(world.ana, world.ben)
    FormerMember.objects.update(ended_at="2026-01-01T00:00Z")
    FormerMember.objects.forget()
    world.town.leave(world.ben)
    both.accept(world.ben)
    assert not garden.memberships.filter(user=world.ben).exists()
    assert world.town.memberships.filter(user=world.ben).exists()
    assert as_(world.ben).post(alone.link).status_code == 403
    alone.refresh_from_db()
    assert alone.uses_left == 9
    garden.add(world.ana, [world.ben])
    garden.leave(world.ben)
    alone.accept(world.ben)
    assert garden.memberships.filter(user=world.ben).exists(), "whoever left by themselves was not removed"


def test_an_invitation_admits_no_deactivated_account(world, garden, boss):
    garden.add(world.ana, [boss])
    invitation = Invitation.objects.invite(boss, conversations=[garden])
    become(world.olga, is_active=False)
    with pytest.raises(NotAllowed):
        invitation.accept(world.olga)


def test_read_only_members_add_and_invite_nobody(world, garden, boss):
    garden.add(world.ana, [boss])
    for reader in (world.ben, boss):
        garden.change_role(world.ana, reader, "reader")
        with pytest.raises(NotAllowed):
            garden.add(reader, [world.olga])
    with pytest.raises(NotAllowed):
        Invitation.objects.invite(boss, conversations=[garden])


def test_guests_who_left_an_open_conversation_ask_as_they_could_not_join(world):
    square = ConversationFactory(kind="open", members=[world.ana, world.ben])
    become(world.ben, role="guest")
    square.leave(world.ben)
    say(square, world.ana, "secret")
    assert not square.rejoin(world.ben)
