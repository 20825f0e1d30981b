"""Triage: inbox filters, marking many of the reader's own conversations read or unread at once, and Undo."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from conversations.models import Conversation, Membership
from conversations.models.inbox.inbox_filter import InboxFilter
from conversations.tests.factories import ConversationFactory, say
from conversations.tests.inbox.test_inbox import entries, entry


def read_markers_of(person):
    return list(Membership.objects.filter(user=person).order_by("conversation").values_list("pk", "last_read_at"))


@pytest.fixture
def busy(world):
    """Unread messages for Ben: in Plans, with mentions in Town hall, and in a conversation archived afterwards."""
    say(world.plans, world.ana, "one", "two")
    say(world.town, world.ana, "for @ben and @ben", "again for @ben")
    say(world.direct, world.ana, "hello")
    Membership.objects.filter(conversation=world.direct, user=world.ben).update(last_read_at=timezone.now())
    world.old = ConversationFactory(title="Old office", members=[world.ana, world.ben])
    say(world.old, world.ana, "bye")
    world.old.archive(User.objects.create(username="boss", email="b@example.org", role="owner"))
    return world


def test_each_filter_shows_its_conversations(busy, as_):
    client, unread = as_(busy.ben), [busy.old, busy.town, busy.plans]
    assert entries(client) == [busy.direct, busy.town, busy.plans], "archived conversations are listed separately"
    assert entries(client, "/?show=unread") == unread, "but unread ones are listed here as well"
    assert client.get("/?show=mentions").headers["Location"] == "/mentions/"
    assert entries(client, "/?show=direct") == [busy.direct]
    assert entries(client, "/?show=archived") == [busy.old]
    assert entries(as_(busy.olga), "/?show=unread") == []
    assert client.get("/?show=other").status_code == 404


def test_the_current_filter_is_highlighted(busy, as_):
    page = as_(busy.ben).get("/?show=unread").content.decode()
    assert '<a href="/?show=unread" aria-current="page">Unread</a>' in page
    assert page.count('aria-current="page">Unread') == 1
    assert '<a href="/" aria-current' not in page.partition("<main")[2].partition("</main>")[0]


@pytest.mark.parametrize("level", ["watch", "mentions", "nothing"])
def test_the_unread_filter_follows_the_notification_level(busy, as_, level):
    for conversation in (busy.plans, busy.town):
        conversation.set_notify(busy.ben, level)
    found = {"mentions": [busy.old, busy.town], "nothing": [busy.old]}
    found["watch"] = [busy.old, busy.town, busy.plans]
    assert entries(as_(busy.ben), "/?show=unread") == found[level]
    assert all(each.unread for each in entries(as_(busy.ben), "/?show=unread"))


def test_mentions_are_counted(busy, as_):
    assert entry(as_(busy.ben), busy.town).mention_count == 2
    page = as_(busy.ben).get("/").content.decode()
    assert "you are mentioned 2 times" in page


def test_the_unread_filter_agrees_with_the_counts_after_a_deletion(busy, as_):
    last = say(busy.direct, busy.ana, "never mind")
    assert busy.direct in entries(as_(busy.ben), "/?show=unread")
    last.delete_by(busy.ana)
    assert busy.direct not in entries(as_(busy.ben), "/?show=unread")
    for each in entries(as_(busy.ben)):
        assert bool(each.unread) == (each in entries(as_(busy.ben), "/?show=unread"))


@pytest.mark.parametrize("shown", InboxFilter.values)
def test_a_filter_costs_no_additional_statement(busy, as_, shown):
    client = as_(busy.ben)
    client.get("/offline/")  # so that the measured requests do not update the last visit
    with CaptureQueriesContext(connection) as queries:
        client.get("/", {"show": shown})
    assert len(queries) == 3


@pytest.mark.parametrize("shown", ["", "unread", "archived"])
def test_paging_a_filter_loses_and_repeats_nothing(world, as_, shown):
    archived_at = timezone.now() if shown == "archived" else None
    for _ in range(25):
        conversation = ConversationFactory(members=[world.ana, world.olga])
        say(conversation, world.ana, "words")
        Conversation.objects.filter(pk=conversation.pk).update(archived_at=archived_at, last_message_at=timezone.now())
    first = as_(world.olga).get("/", {"show": shown})
    page = first.context["inbox"]
    rest = as_(world.olga).get("/", {"show": shown, "earlier": page.next}).context["inbox"]
    assert f"show={shown}&amp;earlier={page.next}".removeprefix("show=&amp;") in first.content.decode()
    assert len({each.pk for each in page.rows + rest.rows}) == 25
    assert len(rest.rows) == 5


@pytest.mark.parametrize("shown", InboxFilter.values)
def test_an_empty_inbox_says_what_to_do(world, as_, shown):
    page = as_(world.olga).get("/", {"show": shown}).content.decode()
    assert 'class="empty"' in page


def test_everything_a_filter_shows_is_marked_read_at_once_and_restored(busy, as_):
    client, before = as_(busy.ben), read_markers_of(busy.ben)
    say(busy.direct, busy.ana, "are you there?")
    answer = client.post("/inbox/mark-read/", {"all": "yes", "show": "direct"}, follow=True)
    assert answer.redirect_chain == [("/?show=direct", 302)]
    assert "1 conversation marked as read." in answer.content.decode()
    assert [each.unread for each in entries(client)] == [0, 2, 2]
    client.post("/inbox/mark-read/", {"conversation": busy.town.pk})
    others = read_markers_of(busy.ana)
    assert entry(client, busy.town).mention_count == 0
    answer = client.post("/inbox/mark-read/", {"all": "yes", "show": "unread"}, follow=True)
    assert "2 conversations marked as read." in answer.content.decode()
    assert entries(client, "/?show=unread") == []
    assert 'action="/inbox/restore-read-markers/"' in answer.content.decode()
    assert (
        "2 conversations marked as unread again."
        in client.post("/inbox/restore-read-markers/", follow=True).content.decode()
    )
    assert entries(client, "/?show=unread") == [busy.old, busy.plans], "only the last change is undone"
    assert read_markers_of(busy.ben) != before
    assert read_markers_of(busy.ana) == others
    client.post("/inbox/restore-read-markers/")
    assert entries(client, "/?show=unread") == [busy.old, busy.plans]


def test_undo_restores_mentions_but_skips_conversations_read_since(busy, as_):
    client = as_(busy.ben)
    client.post("/inbox/mark-read/", {"all": "yes"})
    assert [each.unread for each in entries(client)] == [0, 0, 0]
    last = say(busy.plans, busy.ana, "three")
    client.post(f"/c/{busy.plans.pk}/mark-read/", {"message": last.pk})
    client.post("/inbox/restore-read-markers/")
    assert entry(client, busy.plans).unread == 0
    assert (entry(client, busy.town).unread, entry(client, busy.town).mention_count) == (2, 2)


def test_selected_conversations_are_marked_read_and_unread(busy, as_):
    client, form = as_(busy.ben), {"conversation": [busy.plans.pk, busy.direct.pk], "show": "unread"}
    answer = client.post("/inbox/mark-read/", form)
    assert answer.headers["Location"] == "/?show=unread"
    assert (entry(client, busy.plans).unread, entry(client, busy.town).unread) == (0, 2)
    client.post("/inbox/mark-unread/", form)
    assert entry(client, busy.plans).unread == 1, "unread from its newest message on"
    client.post("/inbox/mark-unread/", {"conversation": busy.town.pk})
    assert entry(client, busy.town).unread == 2, "it was already unread, from an earlier message on"


def test_scripts_receive_the_updated_entries(busy, as_):
    answer = as_(busy.ben).post(
        "/inbox/mark-read/", {"conversation": busy.plans.pk}, headers={"X-Requested-With": "fetch"}
    )
    page = answer.content.decode()
    assert "1 conversation marked as read." in page
    assert page.count("data-entry=") == 2, "for the sidebar and for the inbox"
    assert "data-unread" not in page


@pytest.mark.parametrize("verb", ["read", "unread"])
def test_read_markers_and_conversations_of_others_are_out_of_reach(busy, as_, verb):
    before = read_markers_of(busy.ana), read_markers_of(busy.ben)
    assert busy.plans in entries(as_(busy.ben), "/?show=unread"), "there is a marker to move"
    for chosen in (busy.plans.pk, 10**12, "x", ""):
        form = {"conversation": chosen, "show": ""}
        page = as_(busy.olga).post(f"/inbox/mark-{verb}/", form, headers={"X-Requested-With": "fetch"}).content.decode()
        assert "data-entry" not in page
        assert "Plans" not in page
    as_(busy.olga).post("/inbox/mark-read/", {"all": "yes"})
    as_(busy.olga).post("/inbox/restore-read-markers/")
    assert (read_markers_of(busy.ana), read_markers_of(busy.ben)) == before


def test_a_confirmation_is_required_for_more_than_can_be_undone(busy, as_):
    for _ in range(100):
        say(ConversationFactory(members=[busy.ana, busy.ben]), busy.ana, "words")
    client = as_(busy.ben)
    answer = client.post("/inbox/mark-read/", {"all": "yes"})
    assert "102 conversations are unread here." in answer.content.decode()
    assert all(each.unread for each in entries(client)), "nothing has been done yet"
    answer = client.post("/inbox/mark-read/", {"all": "yes", "sure": "yes"}, follow=True)
    assert "102 conversations marked as read." in answer.content.decode()
    assert "/inbox/restore-read-markers/" not in answer.content.decode()
    assert sum(each.unread for each in entries(client)) == 0
