"""Deleting, restoring and purging conversations."""

from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command

from accounts.models import Audit, User
from accounts.models.locale import Locale
from accounts.tests.factories import UserFactory
from conversations.live.rendering import read_changes, render_entries
from conversations.models import Conversation, Invitation, Message
from conversations.models.access import people_visible_to, visible_pairs
from conversations.models.account_deletion import (
    delete_account,
)
from conversations.tests.factories import say
from conversations.tests.undoing import let_pass, undo

UTC = Locale("en", "UTC")


def test_a_deleted_conversation_is_hidden_everywhere_and_restored_unchanged(world, as_):
    garden = Conversation.objects.start(world.ana, "Garden", "open", [world.ben])
    guest = UserFactory(role="guest")
    garden.admit([guest])
    message = say(garden, world.ben, "unspeakable")
    client, owner = as_(world.ben), as_(world.ana)
    addresses = ["/", "/c/browse/", "/people/ana/", "/reports/activity/", "/c/new/"]
    before = [client.get(address).content.decode().count("Garden") for address in addresses]
    assert all(before), "the inbox is on every page"
    assert max(before) > min(before), "and other lists on some"
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


def test_deletion_is_announced_to_open_pages(world, garden):
    garden.delete_by(world.ana)
    with pytest.raises(Conversation.DoesNotExist):
        read_changes(garden.pk, 0, [UTC])
    [told] = render_entries(garden.pk, {world.ben.pk: {UTC}, world.olga.pk: {UTC}}).items()
    assert told == ((world.ben.pk, UTC), f"event: gone\ndata: {garden.pk}\n".encode())


def test_verbs_refuse_a_deleted_conversation(world, garden):
    open_one = Conversation.objects.start(world.ana, "Yard", "open", [world.ben])
    stale = [Conversation.objects.get(pk=conversation.pk) for conversation in (garden, open_one)]
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


def test_the_person_who_deleted_it_restores_it_within_a_day_and_admins_within_a_month(world, garden, boss, as_):
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
    assert as_(boss).post(address)["Location"] == "/trash/conversations/", "its messages stay private"
    assert as_(world.ana).get(f"/c/{garden.pk}/").status_code == 200
    assert [line.action for line in Audit.objects.order_by("pk")] == ["deleted", "restored"]


def test_the_title_of_a_deleted_private_conversation_is_shown_only_to_its_members(world, garden, boss, as_):
    hidden = f"A private conversation, number {garden.pk}"
    open_one = Conversation.objects.start(world.ana, "Park", "open")
    for conversation in (garden, open_one):
        conversation.delete_by(world.ana)
    page = as_(world.ana).get("/trash/conversations/").content.decode()
    assert ("Garden" in page, "Park" in page, hidden in page) == (True, True, False)
    page = as_(boss).get("/trash/conversations/").content.decode()
    assert ("Garden" in page, "Park" in page, hidden in page) == (False, True, True)
    page = as_(boss).post(f"/c/{garden.pk}/restore/", follow=True).content.decode()
    assert ("Garden" in page, f"{hidden} is restored." in page) == (False, True)
    page = as_(boss).post(f"/c/{open_one.pk}/restore/", follow=True).content.decode()
    assert "Park is restored." in page
    Conversation.objects.get(pk=garden.pk).delete_by(world.ana)
    assert "Garden is restored." in as_(world.ana).post(f"/c/{garden.pk}/restore/", follow=True).content.decode()


def test_a_conversation_is_purged_after_a_month(world, garden, boss, as_):
    garden.delete_by(world.ana)
    let_pass(Conversation, "deleted_at", days=29)
    assert not Conversation.objects.to_purge().exists()
    let_pass(Conversation, "deleted_at", days=31)
    assert list(Conversation.objects.to_purge()) == [garden]
    assert as_(boss).post(f"/c/{garden.pk}/restore/").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_purging_removes_conversations_and_accounts_with_their_messages(world, garden, boss):
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
