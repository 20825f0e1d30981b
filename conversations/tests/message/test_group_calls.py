"""Group calls: @all in a large conversation, which one row tells to all members."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Role
from accounts.tests.factories import UserFactory
from conversations.models import Conversation, GroupCall, Membership, Mention, OutboxEntry
from conversations.models.message import mentioning
from conversations.models.purging import purge_deleted
from conversations.tests.factories import answer, say
from conversations.tests.message.test_mentions import mentions, notified

MARK = "you are mentioned"


@pytest.fixture
def crowd(garden, monkeypatch):
    """A private conversation that Ana owns, with Ben and others: so many that @all is one row."""
    monkeypatch.setattr(mentioning, "MAX_NOTIFIED", 2)
    garden.admit(UserFactory.create_batch(3))
    return garden


def counts(conversation, *people):
    """How many mentions each of these people has not seen, as open pages show it."""
    found = {user: number for user, _, _, number, _ in conversation.unread_counts_of([each.pk for each in people])}
    return [found.get(person.pk) for person in people]


def total_of(page):
    return int(re.search(r'<live-sidebar [^>]*data-mentions="(\d+)"', page)[1])


def called():
    return list(GroupCall.objects.values_list("message", flat=True))


def test_everyone_in_a_large_conversation_is_called_by_one_row(world, crowd, as_):
    people = [each.user for each in crowd.memberships.select_related("user").exclude(user=world.ana)]
    call = say(crowd, world.ana, "hello @all")
    assert called() == [call.pk]
    assert not Mention.objects.exists()
    assert OutboxEntry.objects.get().message_id == call.pk
    assert counts(crowd, *people) == [1] * 4
    assert counts(crowd, world.ana) == [0]
    for person in people:
        assert MARK in as_(person).get("/").content.decode()
        assert mentions(as_(person)) == ["hello @all"]
    assert MARK not in as_(world.ana).get("/").content.decode()
    assert mentions(as_(world.ana)) == []


def test_every_list_shows_a_call_until_it_is_read(world, crowd, as_):
    before = say(crowd, world.ana, "some words")
    call, client = say(crowd, world.ana, "@all"), as_(world.ben)
    crowd.set_notify(world.ben, "mentions")

    def is_shown():
        shown = client.get("/")
        page, [mine] = shown.content.decode(), [each for each in shown.context["inbox"].rows if each == crowd]
        found = {
            "total": total_of(page) == 1,
            "mark": MARK in page,
            "counts": (mine.mention_count, mine.unread) == (1, 1),
            "unread": crowd in client.get("/?show=unread").context["inbox"].rows,
            "mentions": "not read yet" in client.get("/mentions/").content.decode(),
            "conversation": "Mark as read" in client.get(f"/c/{crowd.pk}/").content.decode(),
        }
        assert len({*found.values()}) == 1, found
        return found["total"]

    assert is_shown()
    client.post(f"/c/{crowd.pk}/mark-read/", {"message": before.pk})
    assert is_shown(), "only what came before is read"
    client.post(f"/c/{crowd.pk}/mark-read/", {"message": call.pk})
    assert not is_shown()
    client.post(f"/m/{call.pk}/mark-unread/")
    assert is_shown()
    say(crowd, world.ben, "an answer")
    assert not is_shown()


def test_marking_all_as_read_passes_calls_and_undo_restores_them(world, crowd):
    call = say(crowd, world.ana, "words", "some @all")
    read = Conversation.objects.mark_all_read(world.ben, [crowd.pk])
    assert counts(crowd, world.ben) == [0]
    assert Conversation.objects.restore_read_markers(world.ben, read) == 1
    assert counts(crowd, world.ben) == [1]
    Conversation.objects.mark_all_read(world.ben, [crowd.pk])
    assert Conversation.objects.mark_newest_unread(world.ben, [crowd.pk]) == 1
    assert counts(crowd, world.ben) == [1], call


def test_people_who_are_also_named_are_told_once(world, crowd, as_):
    call = say(crowd, world.ana, "@all and above all @ben")
    assert dict(call.mentions.values_list("user__username", "reason")) == {"ben": "mention"}
    assert OutboxEntry.objects.count() == 1
    assert counts(crowd, world.ben) == [1]
    assert mentions(as_(world.ben)) == [call.words]
    crowd.mark_read(world.ben, call)
    assert counts(crowd, world.ben) == [0]
    assert "not read yet" not in as_(world.ben).get("/mentions/").content.decode()


def test_only_those_who_were_members_and_see_the_message_are_called(world, crowd, as_):
    crowd.limit_history(world.ana)
    call = say(crowd, world.ana, "@all")
    crowd.add(world.ana, [world.olga])
    assert mentions(as_(world.olga)) == []
    joined = {"joined_at": call.created_at + timedelta(seconds=1), "last_read_at": "2020-01-01T00:00Z"}
    Membership.objects.filter(user=world.olga).update(history_from=None, **joined)
    assert as_(world.olga).get(f"/m/{call.pk}/", follow=True).status_code == 200
    assert counts(crowd, world.olga, world.ben) == [0, 1], "she joined later"
    assert mentions(as_(world.olga)) == []
    Membership.objects.filter(user=world.ben, conversation=crowd).update(
        history_from=call.created_at + timedelta(seconds=1)
    )
    assert counts(crowd, world.ben) == [0], "it is hidden from him"
    assert mentions(as_(world.ben)) == []


def test_former_members_are_called_only_while_they_are_members(world, crowd, as_):
    say(crowd, world.ana, "@all")
    crowd.leave(world.ben)
    assert mentions(as_(world.ben)) == []
    assert MARK not in as_(world.ben).get("/").content.decode()
    crowd.rejoin(world.ben)
    assert counts(crowd, world.ben) == [1]


def test_guests_and_muted_members_are_called_as_others(world, crowd):
    guest = UserFactory(username="guest", role=Role.GUEST)
    crowd.admit([guest])
    crowd.set_notify(world.ben, "nothing")
    say(crowd, world.ana, "@all")
    found = {user: (unread, number) for user, unread, _, number, _ in crowd.unread_counts_of([guest.pk, world.ben.pk])}
    assert found == {guest.pk: (1, 1), world.ben.pk: (0, 1)}


def test_a_deleted_call_counts_again_only_if_it_is_restored(world, crowd, as_):
    call = say(crowd, world.ana, "@all")
    call.delete_by(world.ana)
    assert counts(crowd, world.ben) == [0]
    assert mentions(as_(world.ben)) == []
    call.restore_by(world.ana)
    assert counts(crowd, world.ben) == [1]
    crowd.delete_by(world.ana)
    assert mentions(as_(world.ben)) == []
    assert total_of(as_(world.ben).get("/").content.decode()) == 0


def test_an_edit_calls_everyone_once(world, crowd, as_):
    message, client = say(crowd, world.ana, "some words"), as_(world.ben)
    crowd.mark_read(world.ben, say(crowd, world.ana, "later words"))
    message.edit(world.ana, "some words @all")
    assert called() == [message.pk]
    assert dict(OutboxEntry.objects.values_list("message", "is_edit")) == {message.pk: True}
    assert counts(crowd, world.ben, world.ana) == [1, 0]
    assert "Mark as read" in client.get(f"/c/{crowd.pk}/").content.decode()
    crowd.refresh_from_db()
    crowd.mark_read(world.ben, crowd.messages.get(content="later words"))
    assert counts(crowd, world.ben) == [0]
    OutboxEntry.objects.all().delete()
    for words in ("once more @all", "nobody", "@all again", "@here and @all"):
        message.edit(world.ana, words)
    assert counts(crowd, world.ben) == [0]
    assert not Mention.objects.exists()
    assert not OutboxEntry.objects.exists()


def test_marking_all_as_read_passes_the_calls_of_edits(world, crowd):
    message = say(crowd, world.ana, "some words")
    crowd.mark_read(world.ben, message)
    message.edit(world.ana, "some words @all")
    read = Conversation.objects.mark_all_read(world.ben, [crowd.pk])
    assert counts(crowd, world.ben) == [0]
    Conversation.objects.restore_read_markers(world.ben, read)
    assert counts(crowd, world.ben) == [1]


def test_a_message_after_the_call_of_an_edit_stays_unread(world, crowd):
    first = say(crowd, world.ana, "first")
    first.edit(world.ana, "first @all")
    say(crowd, world.ana, "last")
    crowd.refresh_from_db()
    crowd.mark_read(world.ben, first)
    [(_, unread, _, number, _)] = crowd.unread_counts_of([world.ben.pk])
    assert (unread, number) == (1, 1), "the marker does not pass the last message"


def test_a_message_that_called_a_small_conversation_calls_nobody_again_when_it_has_grown(world, garden, monkeypatch):
    message = say(garden, world.ana, "@all")
    monkeypatch.setattr(mentioning, "MAX_NOTIFIED", 1)
    message.edit(world.ana, "@all, please")
    assert notified(message) == ["ben"]
    assert called() == []


def test_a_call_in_a_thread_alone_mentions_each_member(world, crowd):
    reply = answer(say(crowd, world.ana, "words"), world.ana, "@all")
    assert len(notified(reply)) == 4
    assert called() == []


def test_here_in_a_large_conversation_mentions_those_who_are_present(world, crowd, as_):
    as_(world.ben).get("/")
    session = world.ben.usersession_set
    session.update(last_seen_at=timezone.now())
    message = say(crowd, world.ana, "@here")
    assert dict(message.mentions.values_list("user__username", "reason")) == {"ben": "call"}
    assert called() == []


def test_paging_through_mentions_and_calls_loses_and_repeats_nothing(world, crowd, as_):
    words = [f"number {number} {'@all' if number % 3 else '@ben'}" for number in range(45)]
    say(crowd, world.ana, *words)
    Membership.objects.update(joined_at="2025-01-01T00:00Z")
    GroupCall.objects.filter(message__content__contains="number 1").update(called_at="2026-01-01T00:00Z")
    Mention.objects.filter(message__content__contains="number 1").update(mentioned_at="2026-01-01T00:00Z")
    client, seen, address = as_(world.ben), [], "/mentions/"
    while address:
        page = client.get(address)
        seen += [message.words for message in page.context["mentions"]]
        address = page.context["earlier"] and f"/mentions/?earlier={page.context['earlier']}"
    early = [each for each in words if "number 1" in each]
    assert seen == [each for each in words[::-1] if each not in early] + early[::-1]


def test_the_search_for_mentions_finds_calls(world, crowd, as_):
    found = [say(crowd, world.ana, words).pk for words in ("one @all", "one @ben", "one")]

    def find(person, query):
        page = as_(person).get("/search/", {"q": query}).content.decode()
        return sorted({pk for pk in found if f"/m/{pk}/" in page})

    assert find(world.ben, "mentions:me") == find(world.ana, "mentions:ben") == found[:2]
    assert find(world.ben, "one -mentions:me") == found[2:]
    assert find(world.ana, "mentions:me") == []


def test_the_number_of_people_is_shown_before_they_are_called(world, crowd, as_):
    crowd.set_notify(world.ben, "nothing")
    answer = as_(world.ana).get(f"/c/{crowd.pk}/notified/", {"words": "@all"})
    assert answer.content.decode().strip() == "4 people will be notified"


def test_a_purged_call_leaves_nothing(world, crowd):
    call = say(crowd, world.ana, "@all")
    call.delete_by(world.ana)
    assert purge_deleted(timedelta(0)).remaining == 0
    assert called() == []
