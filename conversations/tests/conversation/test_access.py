"""People who may not see something can't tell that it exists."""

import pytest
from django.test import Client

from conversations.models import Conversation, Message
from conversations.tests.factories import say

NO_SUCH = 10**30
GET = ["/c/{}/", "/c/{}/members/", "/c/{}/?before=AAAAAAAAAAAAAAAAAAAAAA", "/c/{}/changes/?after=0"]
GET += ["/c/{}/days/", "/c/{}/2026-01-02/"]
GET += ["/events/?conversation={}&after=0"]
POST = ["/c/{}/messages/", "/c/{}/join/", "/c/{}/leave/", "/c/{}/mark-read/", "/c/{}/members/", "/c/{}/draft/"]


@pytest.mark.parametrize("address", GET + POST)
@pytest.mark.parametrize("title", ["plans", "direct"])
def test_a_hidden_conversation_responds_exactly_like_a_missing_one(world, as_, address, title):
    hidden = getattr(world, title)
    data = {"message": say(hidden, world.ben, "secret").pk}

    def ask(person, pk):
        client = as_(person)
        return client.get(address.format(pk)) if address in GET else client.post(address.format(pk), data)

    assert ask(world.ana, hidden.pk).status_code != 404, "there is something to hide"
    answers = [ask(world.olga, pk) for pk in (hidden.pk, NO_SUCH)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content
    assert dict(answers[0].headers) == dict(answers[1].headers)


@pytest.mark.parametrize("verb", ["", "edit/", "delete/", "restore/", "mark-unread/"])
@pytest.mark.parametrize("title", ["plans", "direct"])
def test_a_hidden_message_responds_exactly_like_a_missing_one(world, as_, verb, title):
    hidden = say(getattr(world, title), world.ben, "secret").pk

    def ask(person, pk):
        address, client = f"/m/{pk}/{verb}", as_(person)
        return client.post(address, {"content": "x"}) if verb else client.get(address)

    assert ask(world.ben, hidden).status_code == 302, "there is something to hide"
    answers = [ask(world.olga, pk) for pk in (hidden, NO_SUCH)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content


def test_a_message_is_found_only_in_its_own_conversation(world, as_):
    elsewhere = say(world.plans, world.ana, "secret")
    for word in (elsewhere.pk, "x", "9" * 5000, "-1", ""):
        assert as_(world.olga).get(f"/c/{world.town.pk}/?at={word}").status_code == 404


@pytest.mark.parametrize(
    "address", ["/", "/c/new/", "/c/browse/", "/reports/activity/", "/reports/silent/", "/settings/profile/"]
)
def test_anonymous_visitors_are_redirected_to_sign_in(world, client, address):
    assert client.get(address)["Location"] == f"/accounts/login/?next={address}"


def test_anonymous_visitors_can_not_tell_conversations_apart(world, client):
    answers = [client.get(f"/c/{pk}/") for pk in (world.town.pk, world.plans.pk, NO_SUCH)]
    assert {answer.status_code for answer in answers} == {302}


def test_open_conversations_are_for_everyone_signed_in(world, as_):
    say(world.town, world.ana, "welcome")
    page = as_(world.olga).get(f"/c/{world.town.pk}/").content.decode()
    assert "welcome" in page
    assert "Join to write" in page


def test_members_see_a_private_conversation_and_former_members_do_not(world, as_):
    say(world.plans, world.ana, "secret")
    assert "secret" in as_(world.ben).get(f"/c/{world.plans.pk}/").content.decode()
    world.plans.leave(world.ben)
    assert as_(world.ben).get(f"/c/{world.plans.pk}/").status_code == 404


def test_a_deactivated_person_is_signed_out_at_the_next_request(world, as_):
    client = as_(world.ben)
    assert client.get("/").status_code == 200
    world.ben.is_active = False
    world.ben.save(update_fields=["is_active"])
    assert client.get("/").status_code == 302


def test_conversations_and_their_messages_are_visible_to_the_same_people(world):
    for conversation in (world.plans, world.town, world.direct):
        say(conversation, world.ana, "hello")
    for person, number in ((world.ana, 3), (world.olga, 1)):
        conversations = Conversation.objects.visible_to(person)
        assert conversations.count() == number
        assert set(Message.objects.visible_to(person)) == set(Message.objects.filter(conversation__in=conversations))


@pytest.mark.parametrize("verb", ["join", "leave", "mark-read", "messages"])
def test_get_requests_change_nothing(world, as_, verb):
    """If the session has ended when a form is sent, signing in redirects to such an address."""
    person = world.olga if verb == "join" else world.ana
    before = set(world.town.members.all())
    assert as_(person).get(f"/c/{world.town.pk}/{verb}/")["Location"] == f"/c/{world.town.pk}/"
    assert set(world.town.members.all()) == before


def test_a_form_from_another_site_is_refused(world):
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.ana)
    answer = client.post(f"/c/{world.town.pk}/messages/", {"content": "not mine"})
    assert answer.status_code == 403
    assert "This form has expired" in answer.content.decode()


@pytest.mark.parametrize("address", ["/", "/accounts/login/", "/no/such/page/", "/healthz", "/static/css/chatsite.css"])
def test_every_response_has_security_headers(world, as_, address):
    answer = as_(world.ana).get(address)
    answer.close()
    headers = answer.headers
    if not address.startswith("/static/"):
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
