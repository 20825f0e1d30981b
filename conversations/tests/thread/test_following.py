"""Following threads: who sees new replies, and up to where they have read."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import NotAllowed
from accounts.models.locale import Locale
from accounts.tests.factories import UserFactory
from conversations.live.rendering import render_inboxes
from conversations.models import Mention, Message, ThreadFollower
from conversations.models.account_deletion import delete_account, purge_account, restore_account
from conversations.models.purging import purge_message
from conversations.models.thread.lists import unread_threads
from conversations.tests.factories import answer, history, say

ENGLISH = Locale("en", "UTC")


def listed(client):
    """Return the list of threads, without the sidebar."""
    page = client.get("/threads/").content.decode()
    return page[page.index('class="message-list threads"') :]


def dots(client, address):
    """Return how many threads a page marks as unread."""
    return client.get(address).content.decode().count(" data-unread>last")


def followers(first):
    rows = ThreadFollower.objects.filter(message=first).order_by("user__username")
    return dict(rows.values_list("user__username", "has_unread"))


def test_authors_and_people_mentioned_follow_a_thread(talk):
    assert followers(talk.question) == {"ana": True, "ben": False}
    carl = UserFactory(username="carl")
    talk.plans.admit([carl])
    answer(talk.question, talk.ana, "What about you, @carl?")
    assert followers(talk.question) == {"ana": False, "ben": True, "carl": True}
    assert [unread_threads(person) for person in (talk.ana, talk.ben, carl)] == [0, 1, 1]


def test_a_footer_names_the_last_people_and_marks_unread_replies_for_each_reader(talk, as_):
    address, people = f"/c/{talk.plans.pk}/", UserFactory.create_batch(3)
    talk.plans.admit(people)
    for person in people:
        answer(talk.question, person, "Me too")
    page = as_(talk.ana).get(address).content.decode()
    footer = page[page.index('<a class="replies"') :]
    footer = footer[: footer.index("</a>")]
    assert footer.count('class="avatar') == 3
    assert "<b>4 replies</b>" in footer
    assert 'data-then="' in footer
    assert ">today</span> at " in footer
    assert [dots(as_(person), address) for person in (talk.ana, talk.ben, people[0], people[2])] == [1, 1, 1, 0]
    assert dots(as_(UserFactory(role="admin")), f"/c/{talk.town.pk}/") == 0


def test_a_reply_of_an_earlier_day_is_dated(talk, as_):
    moment = timezone.now() - timedelta(days=400)
    Message.objects.filter(pk=talk.reply.pk).update(created_at=moment)
    page = as_(talk.ana).get(f"/c/{talk.plans.pk}/").content.decode()
    assert f"last {moment:%-d} {moment:%b}" in page


def test_reading_a_thread_marks_its_replies_and_mentions_as_seen(talk, as_):
    reply = answer(talk.question, talk.ben, "So, @ana?")
    client, address = as_(talk.ana), f"/m/{talk.question.pk}/thread/"
    page = client.get(address).content.decode()
    assert page.index('<p class="new">') < page.index(f'id="t{talk.reply.pk}"')
    assert f'name="message" value="{reply.pk}"' in page
    client.post(f"{address}read/", {"message": talk.reply.pk})
    assert unread_threads(talk.ana) == 1, "the second reply is unread"
    assert Mention.objects.get().seen_at is None
    client.post(f"{address}read/", {"message": reply.pk})
    assert unread_threads(talk.ana) == 0
    assert Mention.objects.get().seen_at
    assert '<p class="new">' not in client.get(address).content.decode()
    assert dots(client, f"/c/{talk.plans.pk}/") == 0


def test_a_mention_in_a_thread_counts_in_threads_and_not_in_the_conversation(talk, as_):
    reply = answer(talk.question, talk.ben, "So, @ana?")
    client = as_(talk.ana)
    talk.plans.set_notify(talk.ana, "mentions")
    assert talk.plans.unread_counts_of([talk.ana.pk]).get()[3] == 0
    assert (
        "@"
        not in client.get("/?show=mentions").content.decode().partition('<nav class="inbox"')[2].partition("</nav>")[0]
    )
    assert "not read yet" in client.get("/mentions/").content.decode()
    newest = say(talk.plans, talk.ben, "and here")
    client.post(f"/c/{talk.plans.pk}/mark-read/", {"message": newest.pk})
    assert "not read yet" in client.get("/mentions/").content.decode(), "the conversation does not read the thread"
    say(talk.plans, talk.ana, "I write in the conversation")
    assert "not read yet" in client.get("/mentions/").content.decode()
    client.post("/inbox/mark-read/", {"all": "yes", "sure": "yes"})
    assert "not read yet" in client.get("/mentions/").content.decode()
    client.post(f"/m/{talk.question.pk}/thread/read/", {"message": reply.pk})
    assert "not read yet" not in client.get("/mentions/").content.decode()


def test_a_mention_that_an_edit_adds_makes_a_read_thread_unread(talk):
    talk.question.mark_thread_read(talk.ana, talk.reply)
    talk.reply.edit(talk.ben, "At the harbour, @ana")
    assert unread_threads(talk.ana) == 1
    talk.question.mark_thread_read(talk.ana, talk.reply)
    talk.reply.edit(talk.ben, "At the old harbour, @ana")
    assert unread_threads(talk.ana) == 0, "each is notified once"


def test_a_reply_seen_in_the_conversation_is_read_in_the_thread(world, as_):
    question = say(world.plans, world.ana, "When?")
    reply = answer(question, world.ben, "At eight", in_conversation=True)
    assert unread_threads(world.ana) == 1
    as_(world.ana).post(f"/c/{world.plans.pk}/mark-read/", {"message": reply.pk})
    assert unread_threads(world.ana) == 0
    answer(question, world.ben, "And where", in_conversation=True)
    answer(question, world.ben, "only in the thread")
    last = answer(question, world.ben, "At the harbour", in_conversation=True)
    as_(world.ana).post(f"/c/{world.plans.pk}/mark-read/", {"message": last.pk})
    assert unread_threads(world.ana) == 1, "one of them is not in the conversation"


def test_people_follow_and_mute_by_hand(talk, as_):
    client, address = as_(talk.ana), f"/m/{talk.question.pk}/thread/"
    assert 'aria-pressed="true" aria-label="Follow this thread"' in client.get(address).content.decode()
    client.post(f"{address}mute/")
    answer(talk.question, talk.ben, "At eight")
    assert unread_threads(talk.ana) == 0
    assert dots(client, f"/c/{talk.plans.pk}/") == 0
    assert 'aria-pressed="false" aria-label="Follow this thread"' in client.get(address).content.decode()
    assert "Where do we eat" not in listed(client)
    client.post(f"{address}follow/")
    assert unread_threads(talk.ana) == 1
    alone = say(talk.plans, talk.ben, "nobody replies")
    client.post(f"/m/{alone.pk}/thread/follow/")
    assert "nobody replies" in listed(client)
    assert 'aria-pressed="true"' in client.get(f"/m/{alone.pk}/thread/").content.decode()


def test_a_reply_can_be_marked_as_unread(talk, as_):
    client = as_(talk.ben)
    reply = answer(talk.question, talk.ana, "Which one?")
    talk.question.mark_thread_read(talk.ben, reply)
    assert unread_threads(talk.ben) == 0
    assert client.post(f"/m/{reply.pk}/mark-unread/")["Location"] == "/threads/"
    assert unread_threads(talk.ben) == 1
    assert talk.plans.unread_counts_of([talk.ben.pk]).get()[1] == 1, "as before"


def test_a_deleted_reply_is_not_unread_until_it_is_restored(talk):
    talk.reply.delete_by(talk.ben)
    assert unread_threads(talk.ana) == 0
    talk.reply.restore_by(talk.ben)
    assert unread_threads(talk.ana) == 1


def test_nobody_hears_of_a_thread_that_they_may_not_see(talk, as_):
    client = as_(talk.ana)
    assert unread_threads(talk.ana) == 1
    talk.plans.leave(talk.ana)
    assert unread_threads(talk.ana) == 0
    assert "harbour" not in listed(client)
    assert client.post(f"/m/{talk.question.pk}/thread/read/", {"message": talk.reply.pk}).status_code == 404
    with pytest.raises(NotAllowed):
        talk.question.follow_thread(talk.ana)
    with pytest.raises(NotAllowed):
        talk.question.mark_thread_read(talk.olga, talk.reply)
    talk.plans.rejoin(talk.ana)
    assert unread_threads(talk.ana) == 1


def test_earlier_messages_hidden_from_newcomers_stay_hidden_with_their_thread(talk, as_):
    carl = UserFactory(username="carl")
    talk.plans.limit_history(talk.ana)
    talk.plans.admit([carl])
    answer(talk.question, talk.ben, "See above, @carl")
    assert unread_threads(carl) == 0
    assert "Where do we eat" not in listed(as_(carl))
    page = as_(carl).get("/mentions/", follow=True).content.decode()
    assert "See above" in page
    assert "Where do we eat" not in page


def test_guests_see_threads_only_where_they_are_members(world, as_):
    guest = UserFactory(username="gast", role="guest")
    world.town.admit([guest])
    question = say(world.town, guest, "May I ask?")
    answer(question, world.ben, "Of course")
    assert unread_threads(guest) == 1
    world.town.leave(guest)
    assert unread_threads(guest) == 0
    assert "May I ask" not in listed(as_(guest))


def test_deleting_accounts_and_messages_leaves_nothing_of_them(talk, boss, as_):
    delete_account(boss, talk.ben, with_words=True)
    assert unread_threads(talk.ana) == 0
    restore_account(boss, talk.ben)
    assert unread_threads(talk.ana) == 1
    delete_account(boss, talk.ben, with_words=False)
    assert purge_account(talk.ben, timedelta(0))
    assert followers(talk.question) == {"ana": True}
    assert "1 reply" in as_(talk.ana).get(f"/c/{talk.plans.pk}/").content.decode()
    talk.question.delete_by(talk.ana)
    assert "harbour" in listed(as_(talk.ana))
    assert "Where do we eat" not in listed(as_(talk.ana))
    purge_message(talk.question)
    assert not ThreadFollower.objects.exists()


def test_a_thread_of_an_import_is_followed_by_its_authors_from_the_next_reply_on(world):
    question, old = history(world.plans, world.ana, [timezone.now() - timedelta(days=2), timezone.now()])
    carl = UserFactory(username="carl")
    world.plans.admit([carl])
    Message.objects.filter(pk=old.pk).update(thread=question, reply_to=question, user=carl)
    assert followers(question) == {}
    answer(question, world.ben, "Is this still true?")
    assert followers(question) == {"ana": True, "ben": False, "carl": True}
    assert unread_threads(carl) == 1
    question.mark_thread_read(carl, question.replies.get(content="Is this still true?"))
    assert unread_threads(carl) == 0


def test_the_number_of_unread_threads_costs_each_page_one_prepared_statement(talk):
    unread_threads(talk.ana)
    with CaptureQueriesContext(connection) as queries:
        assert unread_threads(talk.ana) == 1
    assert len(queries) == 1


def test_open_pages_learn_how_many_threads_are_unread(talk):
    readers = {talk.ana.pk: {ENGLISH}, talk.ben.pk: {ENGLISH}}
    events = [event for *_, event in render_inboxes(talk.plans.pk, readers, is_own=False)]
    assert b"event: threads\ndata: 1\n" in events
    assert sum(event.startswith(b"event: threads") for event in events) == 1, "nothing has changed for Ben"
    talk.question.mark_thread_read(talk.ana, talk.reply)
    events = [event for *_, event in render_inboxes(talk.plans.pk, {talk.ana.pk: {ENGLISH}}, is_own=True)]
    assert b"event: threads\ndata: 0\n" in events
