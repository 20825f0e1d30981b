"""Deleting, hiding and restoring messages, and their earlier texts."""

import re
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import Audit
from accounts.tests.factories import UserFactory
from conversations.models import Membership, Message
from conversations.tests.factories import say
from conversations.views.trash import PAGE_ROWS


@pytest.fixture
def said(world):
    """Ana has posted in Plans, whose members include Ada, an admin, but not Otto, another admin."""
    world.ada, world.otto = UserFactory(username="ada", role="admin"), UserFactory(username="otto", role="admin")
    world.plans.admit([world.ada])
    world.message = say(world.plans, world.ana, "secret words")
    return world


def delete(client, message, **fields):
    return client.post(f"/m/{message.pk}/delete/", fields)


def restore(client, message):
    return client.post(f"/m/{message.pk}/restore/")


def pages(world, client):
    paths = (f"/c/{world.plans.pk}/", "/", f"/m/{world.message.pk}/thread/", f"/c/{world.plans.pk}/pins/", "/saved/")
    return "".join(client.get(path).content.decode() for path in paths)


def test_the_author_deletes_a_message_and_undo_restores_it_with_its_reactions(said, as_):
    said.message.react(said.ben, "👍")
    client = as_(said.ana)
    page = delete(client, said.message).wsgi_request and client.get(f"/c/{said.plans.pk}/").content.decode()
    assert f'action="/m/{said.message.pk}/restore/"' in page, "there is an Undo"
    assert "secret words" not in pages(said, as_(said.ben))
    restore(client, said.message)
    assert "secret words" in pages(said, as_(said.ben))
    assert 'data-emoji="👍"' in pages(said, as_(said.ben))


def test_neither_a_member_nor_an_outsider_can_delete(said, as_):
    assert delete(as_(said.ben), said.message, reason="because").status_code == 403
    assert delete(as_(said.olga), said.message).status_code == 404
    assert delete(as_(said.otto), said.message, reason="because").status_code == 404, "an admin is no member"
    assert not Message.objects.filter(deleted_at__isnull=False).exists()


def test_an_admin_who_sees_a_message_hides_it_with_a_reason(said, as_):
    assert delete(as_(said.ada), said.message).status_code == 403
    assert delete(as_(said.ada), said.message, reason="An address of somebody").status_code == 302
    page = as_(said.ben).get(f"/m/{said.message.pk}/", follow=True).content.decode()
    assert "This message was hidden: An address of somebody" in page
    assert "secret words" not in page
    assert Audit.objects.newest_first()[0].action == "hid message"
    assert restore(as_(said.ana), said.message).status_code == 403, "its author can't restore it"
    assert restore(as_(said.ada), said.message).status_code == 302


def test_owners_of_a_conversation_hide_messages_in_it(said, as_):
    Membership.objects.filter(conversation=said.plans, user=said.ben).update(role="owner")
    assert delete(as_(said.ben), said.message, reason="Not here").status_code == 302
    assert delete(as_(said.ben), say(said.town, said.ana, "there"), reason="Not there").status_code == 403


def test_only_the_author_edits_a_message(said, as_):
    for person, status in ((said.ada, 403), (said.ben, 403), (said.olga, 404)):
        assert as_(person).post(f"/m/{said.message.pk}/edit/", {"content": "other"}).status_code == status
    said.message.refresh_from_db()
    assert said.message.content == "secret words"


def test_recently_deleted_lists_what_each_person_may_restore(said, as_):
    delete(as_(said.ana), said.message)
    found = {
        person.username: as_(person).get("/trash/").content.decode()
        for person in (said.ana, said.ben, said.olga, said.ada, said.otto)
    }
    action = f'action="/m/{said.message.pk}/restore/"'
    assert {name for name, page in found.items() if action in page} == {"ana"}
    assert {name for name, page in found.items() if "secret words" in page} == {"ana"}, "only the author sees the text"


def test_authors_restore_within_a_day_and_who_hides_within_a_month(said, as_):
    delete(as_(said.ana), said.message)
    assert restore(as_(said.ada), said.message).status_code == 403, "others don't restore what the author deleted"
    Message.objects.update(deleted_at=timezone.now() - timedelta(hours=25))
    assert restore(as_(said.ana), said.message).status_code == 403
    assert "secret words" not in as_(said.ana).get("/trash/").content.decode()
    said.message.restore_by(None)
    said.message.hide(said.ada, "Old")
    Message.objects.filter(deleted_at__isnull=False).update(deleted_at=timezone.now() - timedelta(days=29))
    assert "secret words" in as_(said.ada).get("/trash/").content.decode()
    assert restore(as_(said.ada), said.message).status_code == 302
    said.message.hide(said.ada, "Old")
    Message.objects.filter(deleted_at__isnull=False).update(deleted_at=timezone.now() - timedelta(days=31))
    assert restore(as_(said.ada), said.message).status_code == 403


def test_the_command_restores_any_message_that_is_not_purged(said, capsys):
    said.message.delete_by(said.ana)
    Message.objects.update(deleted_at=timezone.now() - timedelta(days=100))
    call_command("restore_message", said.message.pk)
    assert "is restored in Plans" in capsys.readouterr().out
    for number in (said.message.pk, 10**9):
        with pytest.raises(CommandError):
            call_command("restore_message", number)


def test_the_inbox_shows_the_newest_message_that_is_not_deleted(said, as_):
    say(said.plans, said.ben, "newer words").delete_by(said.ben)
    assert "secret words" in as_(said.ben).get("/").content.decode()


def test_earlier_texts_are_visible_to_everyone_who_sees_the_message(said, as_):
    said.message.edit(said.ana, "better **words**")
    page = as_(said.ben).get(f"/c/{said.plans.pk}/").content.decode()
    assert f'href="/m/{said.message.pk}/history/"' in page
    history = as_(said.ben).get(f"/m/{said.message.pk}/history/").content.decode()
    assert history.index("secret words") < history.index("better <strong>words</strong>")
    assert as_(said.olga).get(f"/m/{said.message.pk}/history/").status_code == 404
    said.message.delete_by(said.ana)
    assert as_(said.ben).get(f"/m/{said.message.pk}/history/").status_code == 404


def test_a_message_of_a_removed_account_can_be_hidden_and_restored(said, as_):
    said.ana.delete()
    assert delete(as_(said.ada), said.message, reason="Old").status_code == 302
    assert restore(as_(said.ada), said.message).status_code == 302


def test_the_undo_notice_is_left_for_the_page_that_the_author_sees(world, as_):
    """The page that is being left requests itself once more, as its last message is gone."""
    client, message = as_(world.ana), say(world.plans, world.ana, "words")
    next_page = client.post(f"/m/{message.pk}/delete/").url
    undo = f'action="/m/{message.pk}/restore/"'
    assert undo not in client.get(next_page, headers={"X-Requested-With": "fetch"}).content.decode()
    assert undo in client.get(next_page).content.decode()


def test_recently_deleted_leads_to_earlier_deletions(said, as_):
    client, words = as_(said.ana), [f"mistake {number}!" for number in range(PAGE_ROWS + 1)]
    for each in words:
        say(said.town, said.ana, each).delete_by(said.ana)
    page = client.get("/trash/").content.decode()
    assert [each for each in words if each not in page] == words[:1]
    [earlier] = re.findall(r'href="(\?earlier=[^"]+)"', page)
    assert words[0] in client.get(f"/trash/{earlier}").content.decode()


@pytest.mark.parametrize(
    ("role", "is_offered"), [("member", False), ("admin", True)], ids=["a member", "an admin of the workspace"]
)
def test_hiding_is_offered_to_those_who_may_hide(said, as_, role, is_offered):
    said.ben.role = role
    said.ben.save()
    page = as_(said.ben).get(f"/c/{said.plans.pk}/").content.decode()
    assert ("data-may-hide" in page) == is_offered
    assert ('data-do="hide"' in page) == is_offered


def test_owners_of_a_conversation_are_offered_to_hide_messages_unless_they_are_guests(world, garden, as_):
    page = as_(world.ana).get(f"/c/{garden.pk}/").content.decode()
    assert "data-may-hide" in page
    assert "data-may-hide" not in as_(world.ben).get(f"/c/{garden.pk}/").content.decode()
    world.ana.role = "guest"
    world.ana.save()
    assert "data-may-hide" not in as_(world.ana).get(f"/c/{garden.pk}/").content.decode()
