"""Text sent after the session has ended is restored to its box when its author signs in."""

import re
from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session

from accounts.models import limits
from conversations.models import Membership
from conversations.models.message.message import MAX_CHARACTERS
from conversations.tests.factories import ConversationFactory, say
from conversations.views.unsent import MAX_FORMS


@pytest.fixture
def load_and_sign_out(as_):
    """Load a page and end the session; return the client and the value that identifies the form's author."""

    def load(user, address):
        client = as_(user)
        page = client.get(address).content.decode()
        client.logout()
        return client, re.search(r'name="writer" value="([^"]+)"', page)[1]

    return load


def send(client, conversation, content, **fields):
    return client.post(f"/c/{conversation.pk}/messages/", {"content": content, "client_key": uuid4(), **fields})


def box(client, conversation):
    return client.get(f"/c/{conversation.pk}/").context["form"]["content"].value()


@pytest.mark.parametrize("verb", ["messages", "preview"])
def test_text_is_restored_to_its_author_and_not_to_the_next_person(world, load_and_sign_out, verb):
    client, writer = load_and_sign_out(world.ana, f"/c/{world.plans.pk}/")
    for person, words in ((world.ben, ""), (world.ana, "between us")):
        fields = {"content": "between us", "client_key": uuid4(), "writer": writer}
        assert client.post(f"/c/{world.plans.pk}/{verb}/", fields).status_code == 302
        client.force_login(person)
        assert (box(client, world.plans) or "") == words
        client.logout()


@pytest.mark.parametrize("forge", [lambda writer: writer + "x", lambda writer: "1", lambda writer: ""])
def test_a_forged_author_is_rejected(world, load_and_sign_out, forge):
    client, writer = load_and_sign_out(world.ana, f"/c/{world.plans.pk}/")
    send(client, world.plans, "whose", writer=forge(writer))
    client.force_login(world.ana)
    assert not box(client, world.plans)


def test_text_without_an_author_belongs_to_the_first_person_who_signs_in(world, client):
    send(client, world.plans, "from a program")
    client.force_login(world.ana)
    assert box(client, world.plans) == "from a program"
    unsent = client.session["unsent"]
    client.force_login(world.ben)
    session = client.session
    session["unsent"] = unsent
    session.save()
    assert not box(client, world.plans)


def test_text_is_stored_per_conversation_with_its_reply_and_quote(world, load_and_sign_out):
    message = say(world.plans, world.ben, "Where do we eat tonight?")
    client, writer = load_and_sign_out(world.ana, f"/c/{world.plans.pk}/")
    send(client, world.plans, "At the harbour", writer=writer, reply_to=message.pk, quote="eat tonight")
    send(client, world.town, "meanwhile elsewhere", writer=writer)
    client.force_login(world.ana)
    assert box(client, world.town) == "meanwhile elsewhere"
    answer = client.get(f"/c/{world.plans.pk}/")
    assert (answer.context["form"]["content"].value(), answer.context["replying_to"]) == ("At the harbour", message)
    assert 'value="eat tonight"' in answer.content.decode()
    send(client, world.town, "meanwhile elsewhere")
    assert not box(client, world.town)
    assert box(client, world.plans) == "At the harbour"


def test_text_is_stored_only_for_the_last_conversations(world, load_and_sign_out):
    client, writer = load_and_sign_out(world.ana, f"/c/{world.plans.pk}/")
    conversations = [ConversationFactory(members=[world.ana]) for _ in range(MAX_FORMS + 1)]
    for conversation in conversations:
        send(client, conversation, f"to {conversation.pk}", writer=writer)
    send(client, conversations[-1], "x" * 1_000_000, writer=writer)
    client.force_login(world.ana)
    assert [box(client, conversation) or "" for conversation in conversations] == [
        "",
        *[f"to {conversation.pk}" for conversation in conversations[1:]],
    ]


def test_text_that_is_too_long_is_restored_with_the_error(world, load_and_sign_out):
    client, writer = load_and_sign_out(world.ana, f"/c/{world.plans.pk}/")
    words = "x" * (MAX_CHARACTERS + 1)
    send(client, world.plans, words, writer=writer)
    client.force_login(world.ana)
    answer = client.get(f"/c/{world.plans.pk}/")
    assert answer.context["form"]["content"].value() == words
    assert "Attach it as a file instead" in answer.content.decode()


@pytest.mark.parametrize("words", ["other words", "x" * (MAX_CHARACTERS + 1)])
def test_an_edit_is_restored_to_its_form(world, load_and_sign_out, words):
    message = say(world.plans, world.ana, "words")
    path = f"/m/{message.pk}/edit/"
    client, writer = load_and_sign_out(world.ana, path)
    answer = client.post(path, {"content": words, "writer": writer})
    assert (answer.status_code, answer["Location"]) == (302, f"/accounts/login/?next={path}")
    client.force_login(world.ana)
    answer = client.get(path)
    assert (answer.status_code, answer.context["form"]["content"].value()) == (200, words)
    message.refresh_from_db()
    assert message.content == "words", "showing the form saves nothing"
    assert client.post(path, {"content": "other words"}).status_code == 302
    assert client.get(path).context["form"]["content"].value() == "other words"
    assert not client.session["unsent"]


def test_an_edit_is_not_restored_if_the_message_is_no_longer_visible(world, load_and_sign_out):
    message = say(world.plans, world.ana, "words")
    client, writer = load_and_sign_out(world.ana, f"/m/{message.pk}/edit/")
    client.post(f"/m/{message.pk}/edit/", {"content": "other words", "writer": writer})
    Membership.objects.filter(conversation=world.plans, user=world.ana).delete()
    client.force_login(world.ana)
    assert client.get(f"/m/{message.pk}/edit/").status_code == 404


def test_an_address_stores_only_so_much_without_an_account(world, client, monkeypatch):
    monkeypatch.setitem(limits.RATES, "begin a session", limits.Rate(2, 60))

    def send_from(address, words="typed"):
        client.cookies.clear()
        form = {"content": words, "client_key": uuid4()}
        return client.post(f"/c/{world.town.pk}/messages/", form, REMOTE_ADDR=address)

    before = Session.objects.count()
    assert [send_from("192.0.2.1").status_code for _ in range(4)] == [302, 302, 429, 429]
    answer = send_from("192.0.2.1", "words to copy")
    assert "words to copy" in answer.content.decode()
    assert answer["Retry-After"] == "60"
    assert Session.objects.count() == before + 2
    assert [send_from(f"2001:db8:1:2::{number}").status_code for number in range(3)] == [302, 302, 429]
    assert send_from("2001:db8:1:3::1").status_code == 302
    assert Session.objects.count() == before + 5


def test_pages_and_signing_in_count_towards_no_such_limit(world, client, monkeypatch):
    monkeypatch.setitem(limits.RATES, "begin a session", limits.Rate(1, 60))
    world.ana.set_password("correct horse battery")
    world.ana.save()
    for _ in range(3):
        client.cookies.clear()
        assert client.get("/accounts/login/").status_code == 200
        answer = client.post("/accounts/login/", {"login": "ana", "password": "correct horse battery"})
        assert answer.status_code == 302
