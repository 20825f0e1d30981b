"""Replies that are only in their thread: where they are shown, and where they are not."""

from datetime import UTC
from uuid import uuid4

import pytest
from django.utils import timezone

from conversations.models import Conversation, Message
from conversations.models.purging import purge_message
from conversations.tests.factories import answer, say


def post(client, conversation, content, first, **fields):
    data = {"content": content, "client_key": uuid4(), "reply_to": first.pk, "in_thread": 1, **fields}
    return client.post(f"/c/{conversation.pk}/messages/", data)


def test_the_box_of_a_thread_posts_in_the_thread_alone_unless_ticked(talk, as_):
    client = as_(talk.ben)
    post(client, talk.plans, "only here", talk.question)
    post(client, talk.plans, "for all", talk.question, in_conversation=1)
    thread = client.get(f"/m/{talk.question.pk}/thread/").content.decode()
    timeline = client.get(f"/c/{talk.plans.pk}/").content.decode()
    assert [word in thread for word in ("harbour", "only here", "for all")] == [True, True, True]
    assert [word in timeline for word in ("harbour", "only here", "for all")] == [False, False, True]


def test_the_choice_is_remembered_for_the_person(talk, as_):
    ben, ana = as_(talk.ben), as_(talk.ana)
    address = f"/m/{talk.question.pk}/thread/"
    ticked = 'name="in_conversation" value="1" checked'
    assert ticked not in ben.get(address).content.decode()
    post(ben, talk.plans, "for all", talk.question, in_conversation=1)
    assert ticked in ben.get(address).content.decode()
    assert ticked not in ana.get(address).content.decode()
    post(ben, talk.plans, "only here", talk.question)
    assert ticked not in ben.get(address).content.decode()


def test_a_message_without_a_thread_is_always_in_the_conversation(talk, as_):
    as_(talk.ben).post(f"/c/{talk.plans.pk}/messages/", {"content": "plain", "client_key": uuid4()})
    alone = talk.plans.post(talk.ben, "alone", uuid4(), in_conversation=False)
    assert talk.plans.messages.get(content="plain").in_conversation
    assert alone.in_conversation
    assert Message.objects.get(pk=alone.pk).in_conversation


def test_a_reply_in_a_thread_changes_neither_the_inbox_nor_a_read_marker(talk, as_):
    before = Conversation.objects.get(pk=talk.plans.pk)
    markers = list(talk.plans.memberships.order_by("user").values_list("last_read_at", "last_read_message_id"))
    answer(talk.question, talk.ben, "At eight")
    after = Conversation.objects.get(pk=talk.plans.pk)
    assert (after.last_message_id, after.last_message_at) == (before.last_message_id, before.last_message_at)
    assert after.revision == before.revision + 2
    assert markers == list(talk.plans.memberships.order_by("user").values_list("last_read_at", "last_read_message_id"))
    page = as_(talk.ana).get("/").content.decode()
    assert "Where do we eat" in page
    assert "At eight" not in page
    assert talk.plans.unread_counts_of([talk.ana.pk]).get()[1] == 0
    assert talk.plans.unread_counts_of([talk.ben.pk]).get()[1] == 1, "the question, which Ben has not marked as read"


def test_a_reply_in_a_thread_is_on_no_page_of_the_timeline(talk, as_):
    first = talk.question
    for number in range(45):
        say(talk.plans, talk.ana, f"number {number}")
        answer(first, talk.ben, f"reply {number}")
    client, address = as_(talk.ben), f"/c/{talk.plans.pk}/"
    middle = talk.plans.messages.get(content="number 20")
    old = client.get(address).context["page"].older
    for query in ("", f"?before={old}", f"?after={middle.cursor}", f"?at={middle.pk}"):
        page = client.get(address + query)
        shown = page.context["page"].messages
        assert len(shown) >= 19, query
        assert all(message.in_conversation for message in shown), query
    counts = client.get(address).context["conversation"]
    assert counts.unread == 46
    assert client.get(f"{address}?at={talk.reply.pk}").status_code == 404


def test_the_permalink_of_a_reply_leads_to_its_thread(talk, as_):
    client, pk = as_(talk.ana), talk.reply.pk
    assert client.get(f"/m/{pk}/")["Location"] == f"/m/{talk.question.pk}/thread/?at={pk}#t{pk}"
    page = client.get(f"/m/{pk}/", follow=True).content.decode()
    assert f'id="t{pk}"' in page
    aside = page[page.index('<aside class="thread"') :]
    assert 'class="selected-message without-script"' in aside, "the actions without scripts"
    assert client.get(f"/m/{pk}/reply/")["Location"] == f"/m/{pk}/thread/"


def test_a_reply_in_a_thread_is_found_counted_and_marked_on_its_day(talk, as_):
    client = as_(talk.ana)
    found = client.get("/search/?q=harbour").content.decode()
    assert f"/m/{talk.reply.pk}/" in found
    day = client.get(f"/c/{talk.plans.pk}/{timezone.localdate()}/").content.decode()
    assert "At the harbour" in day
    assert f'<a class="label" href="/m/{talk.reply.pk}/thread/">in a thread</a>' in day
    assert "Where do we eat" in client.get(f"/m/{talk.reply.pk}/around/").content.decode()
    aside = say(talk.plans, talk.ana, "aside")
    around = client.get(f"/m/{aside.pk}/around/").content.decode()
    assert "Where do we eat" in around
    assert "harbour" not in around
    assert Message.objects.counts_per_day(timezone.localdate(), timezone.localdate(), UTC).filter(user=talk.ben)


def test_the_change_feed_has_the_reply_marked_and_the_new_footer(talk, as_):
    talk.plans.refresh_from_db()
    revision = talk.plans.revision
    reply = answer(talk.question, talk.ben, "At eight")
    changes = as_(talk.ana).get(f"/c/{talk.plans.pk}/changes/?after={revision}").content.decode()
    article = changes[changes.index(f'id="m{reply.pk}"') :]
    assert " data-thread-only" in article[: article.index(">")]
    assert "2 replies" in changes


def test_deleting_and_restoring_a_reply_changes_the_footer(talk, as_):
    client, address = as_(talk.ben), f"/c/{talk.plans.pk}/"
    assert "1 reply" in client.get(address).content.decode()
    answer = client.post(f"/m/{talk.reply.pk}/delete/")
    assert answer["Location"] == f"/m/{talk.question.pk}/thread/"
    assert "1 reply" not in client.get(address).content.decode()
    client.post(f"/m/{talk.reply.pk}/restore/")
    assert "1 reply" in client.get(address).content.decode()


def test_the_same_key_posts_a_reply_once(talk, as_):
    key = str(uuid4())
    for _ in range(2):
        post(as_(talk.ben), talk.plans, "once", talk.question, client_key=key)
    assert talk.plans.messages.filter(content="once").count() == 1


def test_a_refused_reply_is_returned_in_the_box_of_the_thread(talk, as_):
    returned = post(as_(talk.ben), talk.plans, "x" * 10_001, talk.question)
    page = returned.content.decode()
    assert returned.status_code == 422
    aside = page[page.index('<aside class="thread"') :]
    assert "x" * 10_001 in aside
    assert "x" * 10_001 not in page[: page.index('<aside class="thread"')]


@pytest.mark.parametrize("is_last_of_all", [False, True])
def test_purging_the_first_message_leaves_its_replies_in_the_conversation(talk, as_, is_last_of_all):
    if not is_last_of_all:
        say(talk.plans, talk.ana, "later")
    talk.question.delete_by(talk.ana)
    purge_message(talk.question)
    page = as_(talk.ben).get(f"/c/{talk.plans.pk}/").content.decode()
    assert "At the harbour" in page
    assert ("At the harbour" in as_(talk.ben).get("/").content.decode()) == is_last_of_all
