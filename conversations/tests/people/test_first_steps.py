"""First steps: what is really to do for who came lately, and nothing that is done."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Role, User, Workspace
from accounts.tests.factories import UserFactory
from conversations.first_steps import FEW_CONVERSATIONS
from conversations.tests.factories import ConversationFactory, say
from conversations.tests.message.pictures import picture


@pytest.fixture
def owner(db):
    """Who has just made a place."""
    return UserFactory(username="boss", role=Role.OWNER)


def steps(client):
    """Read the steps of the panel, [] where there is none."""
    page = client.get("/").content.decode()
    panel = re.search('<section class="first-steps".*?</section>', page, re.DOTALL)
    return re.findall('<li><a href="[^"]+">([^<]+)</a>', panel[0]) if panel else []


def test_an_owner_is_led_from_an_empty_place_to_a_living_one(owner, as_):
    client, alone = as_(owner), ["Invite people", "Import from Slack"]
    begin, oneself = "Start a conversation", ["Add a profile picture", "Set your time zone"]
    assert steps(client) == ["Name the workspace", alone[0], begin, alone[1], *oneself]
    Workspace.objects.current().change(None, name="Bakery")
    assert steps(client) == [alone[0], begin, alone[1], *oneself]
    UserFactory(username="ana")
    assert steps(client) == [begin, *oneself]
    client.post("/c/new/", {"title": "Town hall", "kind": "open"})
    assert steps(client) == ["Say hello", *oneself]
    say(owner.conversations.get(), owner, "hello")
    assert steps(client) == oneself
    User.objects.filter(pk=owner.pk).update(time_zone="Asia/Tokyo")
    client.post("/settings/picture/", {"picture": SimpleUploadedFile("me.jpg", picture())})
    assert steps(client) == []


def test_a_newcomer_is_led_to_the_others(world, as_):
    client, oneself = as_(world.olga), ["Add a profile picture", "Set your time zone"]
    assert steps(client) == ["Browse the open conversations", *oneself]
    client.post(f"/c/{world.town.pk}/join/")
    assert steps(client) == ["Say hello", *oneself]
    User.objects.filter(pk=world.olga.pk).update(role=Role.GUEST)
    world.town.dismiss([world.olga], None)
    assert steps(client) == oneself, "guests browse nothing and begin nothing"


def test_who_came_long_ago_or_has_begun_is_asked_nothing_more(owner, as_):
    client = as_(owner)
    client.get("/")  # which notes the visit
    with CaptureQueriesContext(connection) as empty:
        assert steps(client)
    say(ConversationFactory(members=[owner]), owner, "hello")
    [ConversationFactory(members=[owner]) for _ in range(FEW_CONVERSATIONS - 1)]
    with CaptureQueriesContext(connection) as full:
        assert steps(client) == []
    assert len(full) == len(empty) - 1 == 2
    owner.conversations.all().delete()
    assert steps(client)
    User.objects.filter(pk=owner.pk).update(created_at=timezone.now() - timedelta(days=31))
    assert steps(client) == []


def test_they_are_put_away_for_oneself(owner, as_, client):
    client = as_(owner)
    answer = client.post("/first-steps/dismiss/", follow=True)
    assert "First steps dismissed." in answer.content.decode()
    assert steps(client) == []
    cookie = client.cookies["first_steps"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    client.force_login(UserFactory(username="ana"))
    assert steps(client), "somebody else at the same browser"


def test_merely_going_there_puts_nothing_away(owner, as_):
    client = as_(owner)
    assert client.get("/first-steps/dismiss/").status_code == 302
    assert steps(client)
