"""Deleting, restoring and purging accounts."""

import re
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from accounts.models import Audit, User
from accounts.models.locale import Locale
from accounts.tests.factories import UserFactory
from conversations.models import Conversation, Message
from conversations.models.account_deletion import (
    delete_account,
    people_to_purge,
    purge_account,
    restore_account,
    words_to_purge,
)
from conversations.tests.factories import say
from conversations.tests.undoing import let_pass, undo

UTC = Locale("en", "UTC")


def words_of(client, conversation):
    return re.findall(r"<p>(word \d)</p>", client.get(f"/c/{conversation.pk}/").content.decode())


def test_an_account_is_restored_with_exactly_the_messages_deleted_with_it(world, boss, as_):
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
    assert world.town.memberships.filter(user=world.ana).exists()


def test_deleted_people_are_not_listed_and_remaining_messages_show_their_names(world, boss, as_):
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
    assert "permanently deleted on" in as_(boss).get("/people/ana/").content.decode()


def test_owners_and_admins_delete_and_restore_accounts(world, boss, as_):
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
    delete_account(boss, promote(world.ana), with_words=False)
    assert as_(UserFactory(role="admin")).post("/people/ana/restore/").status_code == 403, "an owner outranks an admin"


def promote(person):
    person.refresh_from_db()
    User.objects.filter(pk=person.pk).update(role="owner")
    person.refresh_from_db()
    return person


@pytest.mark.parametrize("was_active", [True, False])
@pytest.mark.parametrize("with_words", [True, False])
def test_restoring_an_account_restores_whether_it_was_active(world, boss, was_active, with_words):
    User.objects.filter(pk=world.ana.pk).update(is_active=was_active)
    world.ana.refresh_from_db()
    delete_account(boss, world.ana, with_words)
    world.ana.refresh_from_db()
    assert not world.ana.is_active
    with pytest.raises(PermissionDenied, match="Restore it first"):
        world.ana.reactivate(boss)
    restore_account(boss, world.ana)
    assert User.objects.get(pk=world.ana.pk).is_active == was_active


def test_an_account_can_not_be_deleted_or_restored_twice(world, boss):
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


def test_an_account_is_purged_after_a_month_and_its_remaining_messages_have_no_author(world, boss, as_):
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


def test_messages_to_purge_with_an_account_are_found_by_their_author(world, boss):
    deleted, other = say(world.town, world.ana, "word 0"), say(world.town, world.ben, "word 1")
    delete_account(boss, world.ana, with_words=True)
    world.ana.refresh_from_db()
    assert list(words_to_purge(world.ana)) == [deleted]
    assert other in world.town.messages.not_deleted()


def test_replies_to_deleted_messages_are_sent_to_open_pages_again(world, boss):
    question = say(world.town, world.ana, "word 0")
    answer = world.town.post(world.ben, "word 1", uuid4(), reply_to=question)
    before = Message.objects.get(pk=answer.pk).revision
    delete_account(boss, world.ana, with_words=True)
    answer.refresh_from_db()
    assert answer.revision > before
    assert len(set(world.town.messages.values_list("revision", flat=True))) == 2
    assert Conversation.objects.get(pk=world.town.pk).revision == answer.revision


def test_the_last_owner_can_not_be_deleted(world, boss):
    with pytest.raises(PermissionDenied, match="needs an owner"):
        delete_account(boss, boss, with_words=False)
    with connection.cursor() as cursor:
        cursor.execute("SELECT is_active, deleted_at FROM users WHERE username = 'boss'")
        assert cursor.fetchone() == (True, None)
