"""Undo of what was deleted by accident: a membership, a conversation, an account."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from accounts.models import Audit, User
from accounts.models.locale import Locale
from accounts.tests.factories import UserFactory
from conversations.live.rendering import read_changes, render_entries
from conversations.models import Conversation, FormerMember, Invitation, Message
from conversations.models.access import people_visible_to, visible_pairs
from conversations.models.account_deletion import (
    delete_account,
    people_to_purge,
    purge_account,
    restore_account,
    words_to_purge,
)
from conversations.tests.factories import ConversationFactory, say

UTC = Locale("en", "UTC")


@pytest.fixture
def garden(world):
    return Conversation.objects.start(world.ana, "Garden", "private", [world.ben])


@pytest.fixture
def boss(world):
    return UserFactory(username="boss", role="owner")


def let_pass(model, field, **time):
    """Put what happened so far back in time."""
    model.objects.filter(**{f"{field}__isnull": False}).update(**{field: timezone.now() - timedelta(**time)})


def fields(conversation, person):
    membership = conversation.memberships.filter(user=person)
    return membership.values().get()


def undo(client, answer):
    """Press the Undo of the notice on the page to which an answer leads."""
    page = client.get(answer["Location"]).content.decode()
    [address] = re.findall(r'<form method="post" action="([^"]+)">.{0,200}?<button class="link">Undo', page, re.S)
    return client.post(address)


# A membership


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
    assert "Removed recently" not in owner.get(f"/c/{garden.pk}/members/").content.decode()
    owner.post(f"/c/{garden.pk}/members/ben/remove/")
    assert "Removed recently" in owner.get(f"/c/{garden.pk}/members/").content.decode()


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


# A conversation


def test_a_deleted_conversation_is_nowhere_and_comes_back_as_it_was(world, as_):
    garden = Conversation.objects.start(world.ana, "Garden", "open", [world.ben])
    guest = UserFactory(role="guest")
    garden.admit([guest])
    message = say(garden, world.ben, "unspeakable")
    client, owner = as_(world.ben), as_(world.ana)
    addresses = ["/", "/c/browse/", "/people/ana/", "/reports/activity/", "/c/new/"]
    before = [client.get(address).content.decode().count("Garden") for address in addresses]
    assert all(before), "the inbox is on every page"
    assert max(before) > min(before), "and other lists are on some"
    answer = owner.post(f"/c/{garden.pk}/delete/")
    for address in addresses:
        page = client.get(address).content.decode()
        assert "Garden" not in page, address
        assert "unspeakable" not in page, address
    for address in (f"/c/{garden.pk}/", f"/m/{message.pk}/", f"/c/{garden.pk}/members/", f"/c/{garden.pk}/settings/"):
        assert owner.get(address).status_code == 404, address
    assert owner.get(f"/events/?conversation={garden.pk}").status_code == 404
    assert not visible_pairs(Conversation.objects.all(), [(world.ana.pk, garden.pk)])
    assert world.ana not in people_visible_to(guest)
    with pytest.raises(CommandError, match="no conversation"):
        call_command("last_messages", garden.pk)
    Invitation.objects.invite(None, conversations=[garden]).accept(world.olga)
    assert not garden.memberships.filter(user=world.olga).exists()
    undo(owner, answer)
    assert [client.get(address).content.decode().count("Garden") for address in addresses] == before
    assert "unspeakable" in client.get(f"/c/{garden.pk}/").content.decode()


def test_pages_that_are_open_are_told_that_it_is_gone(world, garden):
    garden.delete_by(world.ana)
    with pytest.raises(Conversation.DoesNotExist):
        read_changes(garden.pk, 0, [UTC])
    [told] = render_entries(garden.pk, {world.ben.pk: {UTC}, world.olga.pk: {UTC}}).items()
    assert told == ((world.ben.pk, UTC), f"event: gone\ndata: {garden.pk}\n".encode())


def test_nothing_happens_in_a_deleted_conversation(world, garden):
    open_one = Conversation.objects.start(world.ana, "Yard", "open", [world.ben])
    stale = [Conversation.objects.get(pk=place.pk) for place in (garden, open_one)]
    garden.delete_by(world.ana)
    open_one.delete_by(world.ana)
    for verb in (
        lambda: stale[0].post(world.ben, "late", uuid4()),
        lambda: stale[1].join(world.olga),
        lambda: stale[0].add(world.ben, [world.olga]),
        lambda: stale[0].rename(world.ana, "Other", ""),
        lambda: stale[0].delete_by(world.ana),
    ):
        with pytest.raises(PermissionDenied):
            verb()


def test_who_deleted_it_brings_it_back_for_a_day_and_admins_for_a_month(world, garden, boss, as_):
    garden.change_role(world.ana, world.ben, "owner")
    say(garden, world.ana, "unspeakable")
    garden.delete_by(world.ana)
    address = f"/c/{garden.pk}/restore/"
    for person in (world.ben, world.olga):
        assert "Garden" not in as_(person).get("/trash/conversations/").content.decode()
        assert as_(person).post(address).status_code == 404
    for person in (world.ana, boss):
        page = as_(person).get("/trash/conversations/").content.decode()
        assert address in page
        assert "by Ana Lima" in page
        assert "unspeakable" not in page
    let_pass(Conversation, "deleted_at", hours=25)
    assert as_(world.ana).post(address).status_code == 404
    with pytest.raises(PermissionDenied):
        garden.restore_by(world.ana)
    assert as_(boss).post(address)["Location"] == "/trash/conversations/", "what was said stays private"
    assert as_(world.ana).get(f"/c/{garden.pk}/").status_code == 200
    assert [line.action for line in Audit.objects.order_by("pk")] == ["deleted", "restored"]


def test_what_a_private_conversation_is_called_stays_among_its_members(world, garden, boss, as_):
    hidden = f"A private conversation, number {garden.pk}"
    open_one = Conversation.objects.start(world.ana, "Park", "open")
    for place in (garden, open_one):
        place.delete_by(world.ana)
    page = as_(world.ana).get("/trash/conversations/").content.decode()
    assert ("Garden" in page, "Park" in page, hidden in page) == (True, True, False)
    page = as_(boss).get("/trash/conversations/").content.decode()
    assert ("Garden" in page, "Park" in page, hidden in page) == (False, True, True)
    page = as_(boss).post(f"/c/{garden.pk}/restore/", follow=True).content.decode()
    assert ("Garden" in page, f"{hidden} is back." in page) == (False, True)
    page = as_(boss).post(f"/c/{open_one.pk}/restore/", follow=True).content.decode()
    assert "Park is back." in page
    Conversation.objects.get(pk=garden.pk).delete_by(world.ana)
    assert "Garden is back." in as_(world.ana).post(f"/c/{garden.pk}/restore/", follow=True).content.decode()


def test_after_a_month_it_is_gone_for_good(world, garden, boss, as_):
    garden.delete_by(world.ana)
    let_pass(Conversation, "deleted_at", days=29)
    assert not Conversation.objects.to_purge().exists()
    let_pass(Conversation, "deleted_at", days=31)
    assert list(Conversation.objects.to_purge()) == [garden]
    assert as_(boss).post(f"/c/{garden.pk}/restore/").status_code == 404


# An account


def words_of(client, conversation):
    return re.findall(r"<p>(word \d)</p>", client.get(f"/c/{conversation.pk}/").content.decode())


def test_an_account_comes_back_with_exactly_the_words_that_went_with_it(world, boss, as_):
    messages = [say(world.town, world.ana, f"word {number}") for number in range(3)]
    messages[1].delete_by(world.ana)
    messages[2].edit(world.ana, "word 9")
    client, reader = as_(boss), as_(world.ben)
    before = Conversation.objects.get(pk=world.town.pk).revision
    answer = client.post("/people/ana/delete/", {"words": "delete", "username": "ana"})
    assert words_of(reader, world.town) == []
    assert set(Message.objects.filter(pk=messages[0].pk).values_list("content", "deleted_by")) == {("word 0", boss.pk)}
    undo(client, answer)
    assert words_of(reader, world.town) == ["word 0", "word 9"]
    revisions = list(world.town.messages.values_list("revision", flat=True))
    assert len(set(revisions)) == 3
    assert sum(revision > before for revision in revisions) == 2
    assert as_(User.objects.get(username="ana")).get("/").status_code == 200
    assert fields(world.town, world.ana)["user_id"] == world.ana.pk


def test_who_is_deleted_is_in_no_list_and_kept_words_keep_the_name(world, boss, as_):
    say(world.town, world.ana, "word 0")
    guest = UserFactory(role="guest")
    world.town.admit([guest])
    delete_account(boss, world.ana, with_words=False)
    for person in (world.ben, boss, guest):
        assert "@ana" not in as_(person).get("/people/").content.decode()
    page = as_(world.ben).get(f"/c/{world.town.pk}/members/").content.decode()
    assert "@ana" not in page
    assert 'value="ana"' not in as_(world.olga).get("/c/new/").content.decode()
    assert as_(world.ben).get("/people/ana/").status_code == as_(guest).get("/people/ana/").status_code == 404
    assert "Ana Lima" in as_(world.ben).get(f"/c/{world.town.pk}/").content.decode()
    assert "@ana" in as_(boss).get("/trash/people/").content.decode()
    assert "gone for good on" in as_(boss).get("/people/ana/").content.decode()


def test_who_may_manage_somebody_deletes_and_restores_them(world, boss, as_):
    for person, status in ((world.ben, 403), (world.ana, 403), (UserFactory(role="admin"), 302)):
        data = {"words": "keep", "username": "ana"}
        assert as_(person).post("/people/ana/delete/", data).status_code == status
    for person, status in ((world.ben, 403), (UserFactory(role="guest"), 403), (UserFactory(role="admin"), 302)):
        assert as_(person).post("/people/ana/restore/").status_code == status
    assert [line.action for line in Audit.objects.order_by("pk")] == [
        "deleted the account of",
        "restored the account of",
    ]
    assert as_(world.ben).get("/trash/people/").status_code == 403
    delete_account(boss, boss_of(world.ana), with_words=False)
    assert as_(UserFactory(role="admin")).post("/people/ana/restore/").status_code == 403, "an owner is above them"


def boss_of(person):
    person.refresh_from_db()
    User.objects.filter(pk=person.pk).update(role="owner")
    person.refresh_from_db()
    return person


@pytest.mark.parametrize("was_active", [True, False])
@pytest.mark.parametrize("with_words", [True, False])
def test_who_was_deactivated_before_stays_so(world, boss, was_active, with_words):
    User.objects.filter(pk=world.ana.pk).update(is_active=was_active)
    world.ana.refresh_from_db()
    delete_account(boss, world.ana, with_words)
    world.ana.refresh_from_db()
    assert not world.ana.is_active
    with pytest.raises(PermissionDenied, match="undo that first"):
        world.ana.reactivate(boss)
    restore_account(boss, world.ana)
    assert User.objects.get(pk=world.ana.pk).is_active == was_active


def test_deleting_twice_changes_nothing(world, boss):
    say(world.town, world.ana, "word 0")
    stale = User.objects.get(pk=world.ana.pk)
    delete_account(boss, world.ana, with_words=True)
    stale.is_active = False
    with pytest.raises(PermissionDenied, match="already"):
        delete_account(boss, stale, with_words=True)
    restore_account(boss, User.objects.get(pk=world.ana.pk))
    assert world.town.messages.not_deleted().exists()
    with pytest.raises(PermissionDenied):
        restore_account(boss, User.objects.get(pk=world.ana.pk))


def test_after_a_month_an_account_is_gone_and_kept_words_are_nobodys(world, boss, as_):
    message = say(world.town, world.ana, "word 0")
    delete_account(boss, world.ana, with_words=False)
    assert not people_to_purge().exists()
    assert not purge_account(world.ana), "it is too early"
    let_pass(User, "deleted_at", days=31)
    assert as_(boss).post("/people/ana/restore/").status_code == 403
    assert list(people_to_purge()) == [world.ana]
    assert purge_account(world.ana)
    assert not User.objects.filter(username="ana").exists()
    message.refresh_from_db()
    assert (message.content, message.user) == ("word 0", None)
    assert Audit.objects.newest_first().first().actor == "manage.py"
    assert Audit.objects.first_broken() is None


def test_what_went_with_an_account_is_known_until_it_is_purged(world, boss):
    gone, kept = say(world.town, world.ana, "word 0"), say(world.town, world.ben, "word 1")
    delete_account(boss, world.ana, with_words=True)
    world.ana.refresh_from_db()
    assert list(words_to_purge(world.ana)) == [gone]
    assert kept in world.town.messages.not_deleted()


def test_answers_to_words_that_went_are_told_anew(world, boss):
    question = say(world.town, world.ana, "word 0")
    answer = world.town.post(world.ben, "word 1", uuid4(), reply_to=question)
    before = Message.objects.get(pk=answer.pk).revision
    delete_account(boss, world.ana, with_words=True)
    answer.refresh_from_db()
    assert answer.revision > before
    assert len(set(world.town.messages.values_list("revision", flat=True))) == 2
    assert Conversation.objects.get(pk=world.town.pk).revision == answer.revision


def test_the_database_keeps_the_last_owner_from_being_deleted(world, boss):
    with pytest.raises(PermissionDenied, match="needs an owner"):
        delete_account(boss, boss, with_words=False)
    with connection.cursor() as cursor:
        cursor.execute("SELECT is_active, deleted_at FROM users WHERE username = 'boss'")
        assert cursor.fetchone() == (True, None)


def test_a_former_member_says_nothing_of_a_conversation_that_is_gone(world):
    place = ConversationFactory(members=[world.ana, world.ben])
    place.leave(world.ben)
    place.delete_by(boss_of(world.ana))
    with pytest.raises(PermissionDenied):
        place.rejoin(world.ben)


@pytest.mark.django_db(transaction=True)
def test_purging_removes_conversations_and_accounts_with_what_went_with_them(world, garden, boss):
    said, kept = say(garden, world.ben, "unspeakable"), say(world.town, world.ben, "word 1")
    gone = say(world.town, world.ana, "word 0")
    garden.delete_by(world.ana)
    delete_account(boss, world.ana, with_words=True)
    call_command("purge")
    assert Message.objects.filter(pk__in=[said.pk, gone.pk]).count() == 2, "it is too early"
    for model in (Conversation, User, Message):
        let_pass(model, "deleted_at", days=31)
    call_command("purge")
    assert not Conversation.objects.filter(pk=garden.pk).exists()
    assert not User.objects.filter(username="ana").exists()
    assert list(Message.objects.filter(pk__in=[said.pk, gone.pk, kept.pk])) == [kept]
