"""The change feed: each message that changed since a revision, once, as it is now, in order, in pages."""

import pytest
from django.core.exceptions import PermissionDenied

from chatsite.trials.client.articles import articles, revision
from conversations.models import Conversation
from conversations.models.message.importing import MAX_ANNOUNCED, import_messages
from conversations.models.message.message import Message
from conversations.models.timeline.changes import CHANGES_PAGE
from conversations.tests.factories import say


def changes(client, conversation, after):
    return client.get(f"/c/{conversation.pk}/changes/?after={after}")


def shown(client, conversation, after):
    page = changes(client, conversation, after).content.decode()
    return [(each.id, each.is_deleted) for each in articles(page)]


def now(conversation):
    return Conversation.objects.get(pk=conversation.pk).revision


def test_the_feed_is_empty_without_changes(world, as_):
    say(world.plans, world.ana, "before")
    page = changes(as_(world.ben), world.plans, now(world.plans)).content.decode()
    assert articles(page) == []
    assert revision(page) == now(world.plans)


def test_each_changed_message_is_listed_once_in_its_present_state_and_in_order(world, as_):
    first, second, third = (say(world.plans, world.ana, text) for text in ("one", "two", "three"))
    before = now(world.plans)
    first.edit(world.ana, "won")
    second.delete_by(world.ana)
    first.edit(world.ana, "uno")
    fourth = say(world.plans, world.ben, "four")
    page = changes(as_(world.ben), world.plans, before).content.decode()
    found = articles(page)
    assert [(each.id, each.is_deleted) for each in found] == [(second.pk, True), (first.pk, False), (fourth.pk, False)]
    assert [each.words for each in found] == ["", "uno", "four"]
    assert [each.revision for each in found] == sorted(each.revision for each in found)
    assert revision(page) == now(world.plans) == before + 4
    assert str(third.pk) not in {each.id for each in found}


def test_a_deleted_text_is_shown_nowhere(world, as_):
    say(world.plans, world.ben, "older")
    secret = say(world.plans, world.ana, "unspeakable")
    secret.edit(world.ana, "unspeakable too")
    secret.delete_by(world.ana)
    client = as_(world.ben)
    addresses = ["/", f"/c/{world.plans.pk}/", f"/c/{world.plans.pk}/?at={secret.pk}", f"/c/{world.plans.pk}/members/"]
    addresses += [f"/c/{world.plans.pk}/changes/?after=0", "/reports/activity/"]
    addresses += [
        f"/c/{world.plans.pk}/piece/",
        f"/inbox/all/{world.plans.pk}/",
        f"/m/{secret.pk}/",
        "/threads/",
    ]
    addresses += [f"/c/{world.plans.pk}/files/", "/quick-switcher/messages/?q=unspeak", "/search/?q=unspeak"]
    for address in addresses:
        assert "unspeakable" not in client.get(address).content.decode(), address
    assert "You: older</span>" in client.get("/").content.decode(), "the inbox shows the previous message"
    assert client.get(f"/m/{secret.pk}/edit/").status_code == 404


def test_a_restored_message_is_at_its_original_position(world, as_):
    one, _ = say(world.plans, world.ana, "one"), say(world.plans, world.ana, "two")
    client = as_(world.ana)
    answer = client.post(f"/m/{one.pk}/delete/", follow=True)
    assert "Undo" in answer.content.decode()
    assert [each.words for each in articles(answer.content.decode())] == ["two"]
    client.post(f"/m/{one.pk}/restore/")
    page = client.get(f"/c/{world.plans.pk}/").content.decode()
    assert [each.words for each in articles(page)] == ["one", "two"]


def test_deleting_the_newest_message_moves_last_message_back(world):
    first, last = say(world.plans, world.ana, "one"), say(world.plans, world.ana, "two")
    last.delete_by(world.ana)
    conversation = Conversation.objects.get(pk=world.plans.pk)
    assert (conversation.last_message_id, conversation.last_message_at) == (first.pk, first.created_at)
    first.delete_by(world.ana)
    conversation.refresh_from_db()
    assert (conversation.last_message_id, conversation.last_message_at) == (None, conversation.created_at)
    last.restore_by(world.ana)
    conversation.refresh_from_db()
    assert conversation.last_message_id == last.pk


def test_unread_counts_exclude_deleted_messages(world):
    for text in ("one", "two"):
        message = say(world.plans, world.ana, text)
    message.delete_by(world.ana)
    assert Conversation.objects.inbox_of(world.ben).get(pk=world.plans.pk).unread == 1


def test_the_feed_is_paginated(world, as_):
    start = now(world.plans)
    for number in range(CHANGES_PAGE + 1):
        say(world.plans, world.ana, str(number))
    client, found = as_(world.ben), []
    page = changes(client, world.plans, start).content.decode()
    assert "data-more" in page
    found += articles(page)
    page = changes(client, world.plans, revision(page)).content.decode()
    assert "data-more" not in page
    found += articles(page)
    assert [each.words for each in found] == [str(number) for number in range(CHANGES_PAGE + 1)]


def test_joining_leaving_and_renaming_raise_the_revision(world, as_):
    for change in (
        lambda: world.plans.admit([world.olga]),
        lambda: world.plans.leave(world.olga),
        lambda: world.plans.rename(world.ana, "Plans of ours", ""),
    ):
        before = now(world.plans)
        change()
        assert now(world.plans) == before + 1
    assert 'data-title="Plans of ours"' in changes(as_(world.ben), world.plans, 0).content.decode()


@pytest.mark.parametrize("after", ["-1", "999"])
def test_a_cursor_out_of_range_makes_the_client_reload(world, as_, after):
    answer = changes(as_(world.ben), world.plans, after)
    assert answer.status_code == 410
    assert "data-reload" in answer.content.decode()


def test_a_large_import_makes_open_pages_reload(world, as_):
    before = now(world.plans)
    import_messages(
        world.plans,
        [Message(user=world.ana, content=str(number), client_key=f"{number:032x}", created_at="2020-01-01T00:00Z")
         for number in range(MAX_ANNOUNCED + 1)],
    )  # fmt: skip
    assert changes(as_(world.ben), world.plans, before).status_code == 410
    assert changes(as_(world.ben), world.plans, now(world.plans)).status_code == 200


@pytest.mark.parametrize("after", ["", "x", "1.5", "%00"])
def test_a_malformed_cursor_is_not_found(world, as_, after):
    assert changes(as_(world.ben), world.plans, after).status_code == 404


def test_only_the_author_edits_and_deletes(world, as_):
    message = say(world.town, world.ana, "mine")
    ben, olga = as_(world.ben), as_(world.olga)
    for client in (ben, olga):
        assert client.get(f"/m/{message.pk}/edit/").status_code == 403
        assert client.post(f"/m/{message.pk}/edit/", {"content": "yours"}).status_code == 403
        assert client.post(f"/m/{message.pk}/delete/").status_code == 403
        assert client.post(f"/m/{message.pk}/restore/").status_code == 403
    hidden = say(world.plans, world.ana, "hidden")
    for verb in ("edit", "delete", "restore", "mark-unread"):
        assert olga.post(f"/m/{hidden.pk}/{verb}/", {"content": "yours"}).status_code == 404
    assert olga.get(f"/m/{hidden.pk}/").status_code == 404
    message.refresh_from_db()
    assert (message.content, message.deleted_at) == ("mine", None)


def test_an_edit_stores_the_earlier_text_and_is_marked(world, as_):
    message = say(world.plans, world.ana, "frist")
    as_(world.ana).post(f"/m/{message.pk}/edit/", {"content": "first"})
    message.refresh_from_db()
    assert (message.content, [each.content for each in message.earlier_texts.all()]) == ("first", ["frist"])
    page = as_(world.ben).get(f"/c/{world.plans.pk}/").content.decode()
    assert "edited" in page
    assert "first" in page


def test_saving_the_same_text_is_not_an_edit(world):
    message = say(world.plans, world.ana, "same")
    message.edit(world.ana, "same")
    message.refresh_from_db()
    assert message.edited_at is None


def test_an_empty_edit_is_refused_with_the_form(world, as_):
    message = say(world.plans, world.ana, "words")
    answer = as_(world.ana).post(f"/m/{message.pk}/edit/", {"content": "  "})
    assert answer.status_code == 422
    assert "Write something first." in answer.content.decode()


def test_messages_in_an_archived_conversation_can_not_be_edited(world):
    message = say(world.plans, world.ana, "words")
    world.plans.row().update(archived_at="2026-01-01T00:00Z")
    with pytest.raises(PermissionDenied):
        message.edit(world.ana, "other words")


def test_resending_after_an_edit_or_deletion_returns_the_same_message(world):
    message = say(world.plans, world.ana, "as sent")
    message.edit(world.ana, "as edited")
    again = world.plans.post(world.ana, "as sent", message.client_key)
    assert again.pk == message.pk
    message.delete_by(world.ana)
    assert world.plans.post(world.ana, "as sent", message.client_key).pk == message.pk


def test_a_permalink_shows_the_message_among_its_neighbours(world, as_):
    messages = [say(world.plans, world.ana, f"number {number}") for number in range(50)]
    page = as_(world.ben).get(f"/m/{messages[20].pk}/", follow=True)
    found = [each.id for each in articles(page.content.decode())]
    assert found == [each.pk for each in messages[10:31]]
    assert "Mark unread from here" in page.content.decode()
