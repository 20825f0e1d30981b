"""Text sent after the session has ended is restored to its box when its author signs in."""

import re
import time
from datetime import timedelta
from uuid import uuid4

import pytest
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.contrib.sessions.models import Session
from django.core import signing
from django.test import Client

from accounts.models import limits
from accounts.unsent import MAX_AGE_SECONDS, MAX_FIELD_BYTES, MAX_FORMS
from conversations.models import Membership
from conversations.models.message.message import MAX_CHARACTERS
from conversations.tests.factories import ConversationFactory, say

PASSWORD = "correct horse battery"
FIELD = re.compile(r'name="unsent" value="([^"]+)"')


@pytest.fixture(autouse=True)
def _passwords(world):
    for person in (world.ana, world.ben):
        person.set_password(PASSWORD)
        person.save(update_fields=["password"])


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


def carried(page):
    """Return what each form of a page to sign in carries: the same."""
    [value] = set(FIELD.findall(page.content.decode()))
    return value


def sign_in(client, person, page):
    """Sign in by the form of a page; return the response."""
    form = {"login": person.username, "password": PASSWORD, "unsent": carried(page)}
    return client.post("/accounts/login/", form)


def box(client, conversation):
    return client.get(f"/c/{conversation.pk}/").context["form"]["content"].value()


@pytest.mark.parametrize("verb", ["messages", "preview"])
def test_text_is_restored_to_its_author_and_not_to_the_next_person(world, load_and_sign_out, verb):
    client, writer = load_and_sign_out(world.ana, f"/c/{world.plans.pk}/")
    for person, words in ((world.ben, ""), (world.ana, "between us")):
        fields = {"content": "between us", "client_key": uuid4(), "writer": writer}
        page = client.post(f"/c/{world.plans.pk}/{verb}/", fields)
        assert page.status_code == 403
        assert sign_in(client, person, page).status_code == 302
        assert (box(client, world.plans) or "") == words
        client.logout()


def test_the_page_to_sign_in_leads_back_and_shows_the_text(world, client):
    page = send(client, world.plans, "half an hour of <work>")
    shown = page.content.decode()
    assert f'name="next" value="/c/{world.plans.pk}/"' in shown
    assert "readonly>half an hour of &lt;work&gt;</textarea>" in shown
    assert "no-store" in page["Cache-Control"]
    form = {"login": "ana", "password": PASSWORD, "next": f"/c/{world.plans.pk}/", "unsent": carried(page)}
    assert client.post("/accounts/login/", form)["Location"] == f"/c/{world.plans.pk}/"
    assert box(client, world.plans) == "half an hour of <work>"


def test_anonymous_visitors_store_nothing(world, client):
    for _ in range(3):
        page = send(client, world.town, "typed")
        client.post("/accounts/login/", {"login": "ana", "password": "wrong", "unsent": carried(page)})
    assert not Session.objects.exists()
    assert "sessionid" not in client.cookies


def test_wrong_passwords_carry_the_text_on(world, client):
    page = send(client, world.plans, "typed")
    for _ in range(2):
        page = client.post("/accounts/login/", {"login": "ana", "password": "wrong", "unsent": carried(page)})
        assert "readonly>typed</textarea>" in page.content.decode()
    sign_in(client, world.ana, page)
    assert box(client, world.plans) == "typed"


def test_scripts_are_redirected_as_they_store_the_text_themselves(world, client):
    form, headers = {"content": "typed", "client_key": uuid4()}, {"X-Requested-With": "fetch"}
    answer = client.post(f"/c/{world.plans.pk}/messages/", form, headers=headers)
    assert (answer.status_code, answer["Location"]) == (302, f"/accounts/login/?next=/c/{world.plans.pk}/")
    assert not Session.objects.exists()


def test_a_second_factor_keeps_the_text(world, client):
    secret = generate_totp_secret()
    TOTP.activate(world.ana, secret)
    assert sign_in(client, world.ana, send(client, world.plans, "typed"))["Location"] == "/accounts/2fa/authenticate/"
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    assert client.post("/accounts/2fa/authenticate/", {"code": code}).status_code == 302
    assert box(client, world.plans) == "typed"


def test_a_second_tab_that_signs_in_adds_its_text(world, client):
    pages = [send(client, conversation, "typed") for conversation in (world.plans, world.town)]
    for page in pages:
        assert sign_in(client, world.ana, page).status_code == 302
    assert [box(client, conversation) for conversation in (world.plans, world.town)] == ["typed", "typed"]


def test_an_expired_form_to_sign_in_shows_its_text(world):
    strict = Client(enforce_csrf_checks=True)
    value = carried(send(Client(), world.plans, "typed"))
    answer = strict.post("/accounts/login/", {"login": "ana", "password": PASSWORD, "unsent": value})
    assert answer.status_code == 403
    assert "readonly>typed</textarea>" in answer.content.decode()


def test_a_wrong_passkey_carries_the_text_on(world, client):
    value = carried(send(client, world.plans, "typed"))
    page = client.post("/accounts/login/passkey/", {"credential": "{}", "unsent": value})
    sign_in(client, world.ana, page)
    assert box(client, world.plans) == "typed"


@pytest.mark.parametrize("break_it", [lambda value: value[:-1], lambda value: "x", lambda value: ""])
def test_a_forged_field_carries_nothing(world, client, break_it):
    value = break_it(carried(send(client, world.plans, "typed")))
    client.post("/accounts/login/", {"login": "ana", "password": PASSWORD, "unsent": value})
    assert not box(client, world.plans)


def test_a_field_carries_its_text_only_for_some_days(world, client, monkeypatch):
    page, now = send(client, world.plans, "typed"), time.time()
    monkeypatch.setattr(signing.time, "time", lambda: now + MAX_AGE_SECONDS + timedelta(minutes=1).total_seconds())
    sign_in(client, world.ana, page)
    assert not box(client, world.plans)


def test_text_too_long_for_a_field_can_be_copied(world, client):
    words = "".join(chr(0x4E00 + number * 7919 % 20_000) for number in range(2 * MAX_FIELD_BYTES))
    page = send(client, world.plans, words)
    assert not FIELD.search(page.content.decode())
    assert f"readonly>{words}</textarea>" in page.content.decode()


def test_a_full_message_in_any_script_fits_into_a_field(world, client):
    words = "".join(chr(0x4E00 + number * 7919 % 20_000) for number in range(MAX_CHARACTERS))
    assert carried(send(client, world.plans, words))


@pytest.mark.parametrize("forge", [lambda writer: writer + "x", lambda writer: "1", lambda writer: ""])
def test_a_forged_author_is_rejected(world, load_and_sign_out, forge):
    client, writer = load_and_sign_out(world.ana, f"/c/{world.plans.pk}/")
    sign_in(client, world.ana, send(client, world.plans, "whose", writer=forge(writer)))
    assert not box(client, world.plans)


def test_signed_text_is_no_author(world, client):
    value = carried(send(client, world.plans, "words"))
    sign_in(client, world.ana, send(client, world.plans, "whose", writer=value))
    assert not box(client, world.plans)


def test_text_without_an_author_belongs_to_the_first_person_who_signs_in(world, client):
    sign_in(client, world.ana, send(client, world.plans, "from a program"))
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
    fields = {"writer": writer, "reply_to": message.pk, "quote": "eat tonight"}
    pages = [send(client, world.plans, "At the harbour", **fields)]
    pages.append(send(client, world.town, "meanwhile elsewhere", writer=writer))
    for page in pages:
        sign_in(client, world.ana, page)
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
    pages = [send(client, conversation, f"to {conversation.pk}", writer=writer) for conversation in conversations]
    for page in pages:
        sign_in(client, world.ana, page)
    assert [box(client, conversation) or "" for conversation in conversations] == [
        "",
        *[f"to {conversation.pk}" for conversation in conversations[1:]],
    ]


def test_text_that_is_too_long_is_restored_with_the_error(world, load_and_sign_out):
    client, writer = load_and_sign_out(world.ana, f"/c/{world.plans.pk}/")
    words = "x" * (MAX_CHARACTERS + 1)
    sign_in(client, world.ana, send(client, world.plans, words, writer=writer))
    answer = client.get(f"/c/{world.plans.pk}/")
    assert answer.context["form"]["content"].value() == words
    assert "Attach it as a file instead" in answer.content.decode()


@pytest.mark.parametrize("words", ["other words", "x" * (MAX_CHARACTERS + 1)])
def test_an_edit_is_restored_to_its_form(world, load_and_sign_out, words):
    message = say(world.plans, world.ana, "words")
    path = f"/m/{message.pk}/edit/"
    client, writer = load_and_sign_out(world.ana, path)
    sign_in(client, world.ana, client.post(path, {"content": words, "writer": writer}))
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
    page = client.post(f"/m/{message.pk}/edit/", {"content": "other words", "writer": writer})
    Membership.objects.filter(conversation=world.plans, user=world.ana).delete()
    sign_in(client, world.ana, page)
    assert client.get(f"/m/{message.pk}/edit/").status_code == 404


def test_pages_and_signing_in_count_towards_no_such_limit(world, client, monkeypatch):
    monkeypatch.setitem(limits.RATES, "begin a session", limits.Rate(1, 60))
    for _ in range(3):
        client.cookies.clear()
        assert client.get("/accounts/login/").status_code == 200
        answer = client.post("/accounts/login/", {"login": "ana", "password": PASSWORD})
        assert answer.status_code == 302
