"""Posting a message."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client

from accounts.models.limits import unlimited
from accounts.tests.factories import UserFactory
from conversations.models import Conversation, Membership, Message
from conversations.models.message.message import MAX_CHARACTERS
from conversations.models.message.posting import KeyReused
from conversations.tests.factories import ConversationFactory, say


def send(client, conversation, content, key=None):
    return client.post(f"/c/{conversation.pk}/messages/", {"content": content, "client_key": key or uuid4()})


def test_a_member_posts_and_is_redirected_to_the_message(world, as_):
    answer = send(as_(world.ana), world.plans, "  indented\r\n*new* line\r\n\r\n")
    message = world.plans.messages.get()
    assert message.content == "  indented\n*new* line"
    assert message.user == world.ana
    assert (answer.status_code, answer["Location"]) == (302, f"/c/{world.plans.pk}/#m{message.pk}")
    page = as_(world.ben).get(f"/c/{world.plans.pk}/").content.decode()
    assert f'<article id="m{message.pk}" data-revision="{message.revision}"' in page
    assert f'data-conversation="{world.plans.pk}" data-revision="{message.revision}"' in page
    assert "<em>new</em> line" in page
    assert "Ana Lima" in page


@pytest.mark.parametrize(
    "content", ["", "  \n ", "\u200b", "\u2800 \u3164", "\u2066\ufe0f", "x" * (MAX_CHARACTERS + 1), "nul \0"]
)
def test_an_invalid_message_is_returned_in_the_box(world, as_, content):
    answer = send(as_(world.ana), world.plans, content)
    assert answer.status_code == 422
    assert answer.context["form"]["content"].value() == content
    assert 'class="errorlist"' in answer.content.decode()
    assert not world.plans.messages.exists()


def test_a_refused_message_is_returned_on_a_page_in_the_authors_time_zone(world, as_):
    message = say(world.plans, world.ben, "hello")
    world.ana.time_zone = "Asia/Kathmandu"
    world.ana.save(update_fields=["time_zone"])
    there = message.created_at.astimezone(ZoneInfo("Asia/Kathmandu"))
    assert f">{there:%H:%M}</time></a>" in send(as_(world.ana), world.plans, "").content.decode()


def test_posting_updates_the_conversation(world):
    before = world.plans.revision
    first = say(world.plans, world.ana, "one")
    second = say(world.plans, world.ben, "two")
    world.plans.refresh_from_db()
    assert (first.revision, second.revision, world.plans.revision) == (before + 1, before + 2, before + 2)
    assert (world.plans.last_message_id, world.plans.last_message_at) == (second.pk, second.created_at)
    assert first.created_at < second.created_at


def test_posting_marks_the_conversation_read_for_the_author(world):
    say(world.plans, world.ana, "one", "two")
    last = say(world.plans, world.ben, "three")
    mark = Membership.objects.get(conversation=world.plans, user=world.ben)
    assert (mark.last_read_message_id, mark.last_read_at) == (last.pk, last.created_at)


def test_posting_twice_with_one_key_creates_one_message(world, as_):
    key, before = uuid4(), world.plans.revision
    answers = {send(as_(world.ana), world.plans, "once", key)["Location"] for _ in range(3)}
    assert len(answers) == 1
    assert world.plans.messages.count() == 1
    world.plans.refresh_from_db()
    assert world.plans.revision == before + 1, "a repeated send changes nothing"


@pytest.mark.parametrize("elsewhere", [True, False])
def test_a_key_is_refused_for_another_text_or_conversation(world, as_, elsewhere):
    key = uuid4()
    send(as_(world.ana), world.plans, "first", key)
    conversation, words = (world.town, "first") if elsewhere else (world.plans, "other")
    answer = send(as_(world.ana), conversation, words, key)
    assert answer.status_code == 409
    assert answer.context["form"]["content"].value() == words
    assert answer.context["form"]["client_key"].value() != str(key), "a second attempt must be able to succeed"
    assert Message.objects.count() == 1


def test_two_people_may_have_the_same_key(world):
    key = uuid4()
    posted = {world.plans.post(who, "hi", key).pk for who in (world.ana, world.ben)}
    assert len(posted) == 2


def test_text_sent_after_the_session_ended_is_restored_after_signing_in(world, as_):
    world.ana.set_password("correct horse battery")
    world.ana.save(update_fields=["password"])
    client, key = Client(), uuid4()
    answer = send(client, world.plans, "long thought about", key)
    assert not Message.objects.exists()
    unsent = answer.context["unsent_field"]
    data = {"login": "ana", "password": "correct horse battery", "next": f"/c/{world.plans.pk}/", "unsent": unsent}
    form = client.post("/accounts/login/", data, follow=True).context["form"]
    assert (form["content"].value(), form["client_key"].value()) == ("long thought about", str(key))
    assert not client.get(f"/c/{world.town.pk}/").context["form"]["content"].value()
    send(client, world.town, "meanwhile elsewhere")
    assert client.get(f"/c/{world.plans.pk}/").context["form"]["content"].value() == "long thought about"
    send(client, world.plans, "long thought about", key)
    assert not client.get(f"/c/{world.plans.pk}/").context["form"]["content"].value()
    assert world.plans.messages.count() == 1


def test_the_text_can_be_copied_from_an_error_page(world):
    client = Client(raise_request_exception=False)
    client.force_login(world.ana)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE messages RENAME TO messages_gone")
    form = {"content": "words of weight", "client_key": uuid4()}
    answer = client.post(f"/c/{world.plans.pk}/messages/", form, headers={"Accept": "text/html"})
    assert answer.status_code == 500
    assert "readonly>words of weight</textarea>" in answer.content.decode()


def test_anonymous_visitors_can_not_post_and_learn_nothing(world):
    answers = [send(Client(), conversation, "hello") for conversation in (world.plans, world.town)]
    assert [answer.status_code for answer in answers] == [403, 403]
    assert [answer.context["redirect_field_value"] for answer in answers] == [
        f"/c/{conversation.pk}/" for conversation in (world.plans, world.town)
    ]
    assert not Message.objects.exists()


def test_only_members_post(world, as_):
    assert send(as_(world.olga), world.town, "hello").status_code == 403
    assert send(as_(world.olga), world.plans, "hello").status_code == 404
    assert not Message.objects.exists()


def test_nobody_posts_in_an_archived_conversation(world, as_):
    Conversation.objects.update(archived_at="2026-01-01T00:00Z")
    answer = send(as_(world.ana), world.plans, "too <late>")
    assert answer.status_code == 403
    assert "readonly>too &lt;late&gt;</textarea>" in answer.content.decode(), "the text can be copied"
    assert not Message.objects.exists()


def test_a_message_remains_when_its_sender_is_deleted(world, as_):
    say(world.plans, world.ana, "still here")
    world.ana.delete()
    page = as_(world.ben).get(f"/c/{world.plans.pk}/").content.decode()
    assert "still here" in page
    assert "deleted account" in page


@pytest.mark.django_db(transaction=True)
def test_fifty_concurrent_sends_with_one_key_create_one_message():
    ana = UserFactory()
    conversation, key = ConversationFactory(members=[ana]), uuid4()

    def post(_):
        try:
            with unlimited():
                return conversation.post(ana, "once", key).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(post, range(50)))) == 1
    assert conversation.messages.count() == 1


@pytest.mark.django_db(transaction=True)
def test_concurrent_writers_get_consecutive_revisions():
    people = UserFactory.create_batch(8)
    conversation = ConversationFactory(members=people)

    def write(person):
        for number in range(10):
            say(conversation, person, str(number))
        connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, people))
    messages = list(conversation.messages.oldest_first())
    assert [message.revision for message in messages] == list(
        range(conversation.revision + 1, conversation.revision + 81)
    )
    assert len({message.created_at for message in messages}) == 80
    assert [message.pk for message in messages] == sorted(message.pk for message in messages)


def test_posting_says_why_it_refuses(world):
    with pytest.raises(PermissionDenied):
        world.plans.post(world.olga, "hello", uuid4())
    key = uuid4()
    world.plans.post(world.ana, "hello", key)
    with pytest.raises(KeyReused):
        world.plans.post(world.ana, "other", key)
