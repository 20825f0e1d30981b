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


def test_a_member_posts_and_lands_at_the_message(world, as_):
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


@pytest.mark.parametrize("content", ["", "  \n ", "x" * (MAX_CHARACTERS + 1), "nul \0"])
def test_what_is_no_message_comes_back_in_the_box(world, as_, content):
    answer = send(as_(world.ana), world.plans, content)
    assert answer.status_code == 422
    assert answer.context["form"]["content"].value() == content
    assert 'class="errorlist"' in answer.content.decode()
    assert not world.plans.messages.exists()


def test_a_refused_message_comes_back_with_times_as_its_author_knows_them(world, as_):
    message = say(world.plans, world.ben, "hello")
    world.ana.time_zone = "Asia/Kathmandu"
    world.ana.save(update_fields=["time_zone"])
    there = message.created_at.astimezone(ZoneInfo("Asia/Kathmandu"))
    assert f">{there:%H:%M}</time></a>" in send(as_(world.ana), world.plans, "").content.decode()


def test_posting_raises_the_conversation(world):
    before = world.plans.revision
    first = say(world.plans, world.ana, "one")
    second = say(world.plans, world.ben, "two")
    world.plans.refresh_from_db()
    assert (first.revision, second.revision, world.plans.revision) == (before + 1, before + 2, before + 2)
    assert (world.plans.last_message_id, world.plans.last_message_at) == (second.pk, second.created_at)
    assert first.created_at < second.created_at


def test_who_posts_has_read_what_was_there(world):
    say(world.plans, world.ana, "one", "two")
    last = say(world.plans, world.ben, "three")
    mark = Membership.objects.get(conversation=world.plans, user=world.ben)
    assert (mark.last_read_message_id, mark.last_read_at) == (last.pk, last.created_at)


def test_the_same_key_again_gives_the_same_message(world, as_):
    key, before = uuid4(), world.plans.revision
    answers = {send(as_(world.ana), world.plans, "once", key)["Location"] for _ in range(3)}
    assert len(answers) == 1
    assert world.plans.messages.count() == 1
    world.plans.refresh_from_db()
    assert world.plans.revision == before + 1, "a send that was there already changes nothing"


@pytest.mark.parametrize("elsewhere", [True, False])
def test_a_key_is_refused_for_other_words_and_in_another_conversation(world, as_, elsewhere):
    key = uuid4()
    send(as_(world.ana), world.plans, "first", key)
    place, words = (world.town, "first") if elsewhere else (world.plans, "other")
    answer = send(as_(world.ana), place, words, key)
    assert answer.status_code == 409
    assert answer.context["form"]["content"].value() == words
    assert answer.context["form"]["client_key"].value() != str(key), "sending again must be able to succeed"
    assert Message.objects.count() == 1


def test_two_people_may_have_the_same_key(world):
    key = uuid4()
    posted = {world.plans.post(who, "hi", key).pk for who in (world.ana, world.ben)}
    assert len(posted) == 2


def test_words_sent_after_the_session_ended_are_back_after_signing_in(world, as_):
    world.ana.set_password("correct horse battery")
    world.ana.save(update_fields=["password"])
    client, key = Client(), uuid4()
    answer = send(client, world.plans, "long thought about", key)
    assert answer["Location"] == f"/accounts/login/?next=/c/{world.plans.pk}/"
    assert not Message.objects.exists()
    data = {"login": "ana", "password": "correct horse battery", "next": f"/c/{world.plans.pk}/"}
    form = client.post("/accounts/login/", data, follow=True).context["form"]
    assert (form["content"].value(), form["client_key"].value()) == ("long thought about", str(key))
    assert not client.get(f"/c/{world.town.pk}/").context["form"]["content"].value()
    send(client, world.town, "meanwhile elsewhere")
    assert client.get(f"/c/{world.plans.pk}/").context["form"]["content"].value() == "long thought about"
    send(client, world.plans, "long thought about", key)
    assert not client.get(f"/c/{world.plans.pk}/").context["form"]["content"].value()
    assert world.plans.messages.count() == 1


def test_what_was_written_is_there_to_copy_when_the_site_breaks(world):
    client = Client(raise_request_exception=False)
    client.force_login(world.ana)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE messages RENAME TO messages_gone")
    form = {"content": "words of weight", "client_key": uuid4()}
    answer = client.post(f"/c/{world.plans.pk}/messages/", form, headers={"Accept": "text/html"})
    assert answer.status_code == 500
    assert "readonly>words of weight</textarea>" in answer.content.decode()


def test_who_is_not_signed_in_writes_nothing_and_learns_nothing(world):
    answers = [send(Client(), place, "hello")["Location"] for place in (world.plans, world.town)]
    assert answers == [f"/accounts/login/?next=/c/{place.pk}/" for place in (world.plans, world.town)]
    assert not Message.objects.exists()


def test_only_members_write(world, as_):
    assert send(as_(world.olga), world.town, "hello").status_code == 403
    assert send(as_(world.olga), world.plans, "hello").status_code == 404
    assert not Message.objects.exists()


def test_nobody_writes_where_a_conversation_is_archived(world, as_):
    Conversation.objects.update(archived_at="2026-01-01T00:00Z")
    answer = send(as_(world.ana), world.plans, "too <late>")
    assert answer.status_code == 403
    assert "readonly>too &lt;late&gt;</textarea>" in answer.content.decode(), "the words are there to copy"
    assert not Message.objects.exists()


def test_a_message_keeps_its_place_when_its_sender_is_deleted(world, as_):
    say(world.plans, world.ana, "still here")
    world.ana.delete()
    page = as_(world.ben).get(f"/c/{world.plans.pk}/").content.decode()
    assert "still here" in page
    assert "deleted account" in page


@pytest.mark.django_db(transaction=True)
def test_fifty_sends_with_one_key_at_once_are_one_message():
    ana = UserFactory()
    place, key = ConversationFactory(members=[ana]), uuid4()

    def post(_):
        try:
            with unlimited():
                return place.post(ana, "once", key).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(post, range(50)))) == 1
    assert place.messages.count() == 1


@pytest.mark.django_db(transaction=True)
def test_many_writers_at_once_are_put_in_one_order():
    people = UserFactory.create_batch(8)
    place = ConversationFactory(members=people)

    def write(person):
        for number in range(10):
            say(place, person, str(number))
        connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, people))
    messages = list(place.messages.oldest_first())
    assert [message.revision for message in messages] == list(range(place.revision + 1, place.revision + 81))
    assert len({message.created_at for message in messages}) == 80
    assert [message.pk for message in messages] == sorted(message.pk for message in messages)


def test_posting_says_why_it_refuses(world):
    with pytest.raises(PermissionDenied):
        world.plans.post(world.olga, "hello", uuid4())
    key = uuid4()
    world.plans.post(world.ana, "hello", key)
    with pytest.raises(KeyReused):
        world.plans.post(world.ana, "other", key)
