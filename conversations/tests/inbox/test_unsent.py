"""Words sent after a session has ended are back in their box after signing in, for who wrote them."""

import re
from uuid import uuid4

import pytest

from conversations.models import Membership
from conversations.models.message.message import MAX_CHARACTERS
from conversations.tests.factories import ConversationFactory, say
from conversations.views.unsent import MAX_FORMS


@pytest.fixture
def ended(as_):
    """Load a page as somebody whose session then ends; give the client and what the page says of whose form it is."""

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
def test_words_are_for_who_wrote_them_and_not_for_who_signs_in_next(world, ended, verb):
    client, writer = ended(world.ana, f"/c/{world.plans.pk}/")
    for person, words in ((world.ben, ""), (world.ana, "between us")):
        fields = {"content": "between us", "client_key": uuid4(), "writer": writer}
        assert client.post(f"/c/{world.plans.pk}/{verb}/", fields).status_code == 302
        client.force_login(person)
        assert (box(client, world.plans) or "") == words
        client.logout()


@pytest.mark.parametrize("forge", [lambda writer: writer + "x", lambda writer: "1", lambda writer: ""])
def test_nobody_says_whose_words_these_are_but_the_form_that_they_got(world, ended, forge):
    client, writer = ended(world.ana, f"/c/{world.plans.pk}/")
    send(client, world.plans, "whose", writer=forge(writer))
    client.force_login(world.ana)
    assert not box(client, world.plans)


def test_words_of_a_form_that_is_not_ours_are_for_the_first_who_signs_in(world, client):
    send(client, world.plans, "from a program")
    client.force_login(world.ana)
    assert box(client, world.plans) == "from a program"
    kept = client.session["unsent"]
    client.force_login(world.ben)
    session = client.session
    session["unsent"] = kept
    session.save()
    assert not box(client, world.plans)


def test_words_are_kept_for_each_conversation_with_what_they_answer(world, ended):
    message = say(world.plans, world.ben, "Where do we eat tonight?")
    client, writer = ended(world.ana, f"/c/{world.plans.pk}/")
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


def test_only_the_last_words_of_so_many_conversations_are_kept(world, ended):
    client, writer = ended(world.ana, f"/c/{world.plans.pk}/")
    places = [ConversationFactory(members=[world.ana]) for _ in range(MAX_FORMS + 1)]
    for place in places:
        send(client, place, f"to {place.pk}", writer=writer)
    send(client, places[-1], "x" * 1_000_000, writer=writer)
    client.force_login(world.ana)
    assert [box(client, place) or "" for place in places] == ["", *[f"to {place.pk}" for place in places[1:]]]


def test_words_that_are_too_long_come_back_with_what_is_wrong(world, ended):
    client, writer = ended(world.ana, f"/c/{world.plans.pk}/")
    words = "x" * (MAX_CHARACTERS + 1)
    send(client, world.plans, words, writer=writer)
    client.force_login(world.ana)
    answer = client.get(f"/c/{world.plans.pk}/")
    assert answer.context["form"]["content"].value() == words
    assert "Attach it as a file instead" in answer.content.decode()


@pytest.mark.parametrize("words", ["other words", "x" * (MAX_CHARACTERS + 1)])
def test_an_edit_is_back_in_its_form(world, ended, words):
    message = say(world.plans, world.ana, "words")
    path = f"/m/{message.pk}/edit/"
    client, writer = ended(world.ana, path)
    answer = client.post(path, {"content": words, "writer": writer})
    assert (answer.status_code, answer["Location"]) == (302, f"/accounts/login/?next={path}")
    client.force_login(world.ana)
    answer = client.get(path)
    assert (answer.status_code, answer.context["form"]["content"].value()) == (200, words)
    message.refresh_from_db()
    assert message.content == "words", "to look at it saves nothing"
    assert client.post(path, {"content": "other words"}).status_code == 302
    assert client.get(path).context["form"]["content"].value() == "other words"
    assert not client.session["unsent"]


def test_who_may_see_a_message_no_more_gets_no_form_for_it(world, ended):
    message = say(world.plans, world.ana, "words")
    client, writer = ended(world.ana, f"/m/{message.pk}/edit/")
    client.post(f"/m/{message.pk}/edit/", {"content": "other words", "writer": writer})
    Membership.objects.filter(conversation=world.plans, user=world.ana).delete()
    client.force_login(world.ana)
    assert client.get(f"/m/{message.pk}/edit/").status_code == 404
