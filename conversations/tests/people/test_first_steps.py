"""First steps: suggestions for new people, without those they have already taken."""

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
    """The owner of a new workspace."""
    return UserFactory(username="boss", role=Role.OWNER)


def steps(client):
    """Read the steps in the panel; [] without a panel."""
    page = client.get("/").content.decode()
    panel = re.search('<section class="first-steps".*?</section>', page, re.DOTALL)
    return re.findall('<li><a href="[^"]+">([^<]+)</a>', panel[0]) if panel else []


def test_the_owner_of_a_new_workspace_is_guided_step_by_step(owner, as_):
    client, alone = as_(owner), ["Invite people", "Import from Slack"]
    start, personal = "Start a conversation", ["Add a profile picture", "Set your time zone"]
    assert steps(client) == ["Name the workspace", alone[0], start, alone[1], *personal]
    Workspace.objects.current().change(None, name="Bakery")
    assert steps(client) == [alone[0], start, alone[1], *personal]
    UserFactory(username="ana")
    assert steps(client) == [start, *personal]
    client.post("/c/new/", {"title": "Town hall", "kind": "open"})
    assert steps(client) == ["Say hello", *personal]
    say(owner.conversations.get(), owner, "hello")
    assert steps(client) == personal
    User.objects.filter(pk=owner.pk).update(time_zone="Asia/Tokyo")
    client.post("/settings/picture/", {"picture": SimpleUploadedFile("me.jpg", picture())})
    assert steps(client) == []


def test_a_new_member_is_guided_to_conversations(world, as_):
    client, personal = as_(world.olga), ["Add a profile picture", "Set your time zone"]
    assert steps(client) == ["Browse the open conversations", *personal]
    client.post(f"/c/{world.town.pk}/join/")
    assert steps(client) == ["Say hello", *personal]
    User.objects.filter(pk=world.olga.pk).update(role=Role.GUEST)
    world.town.dismiss([world.olga], None)
    assert steps(client) == personal, "guests neither browse nor start conversations"


def test_people_who_are_not_new_see_no_first_steps(owner, as_):
    client = as_(owner)
    client.get("/")  # updates the last visit
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


def test_dismissing_first_steps_affects_one_person_only(owner, as_, client):
    client = as_(owner)
    answer = client.post("/first-steps/dismiss/", follow=True)
    assert "First steps dismissed." in answer.content.decode()
    assert steps(client) == []
    cookie = client.cookies["first_steps"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    client.force_login(UserFactory(username="ana"))
    assert steps(client), "another person in the same browser still sees them"


def test_a_get_request_does_not_dismiss_first_steps(owner, as_):
    client = as_(owner)
    assert client.get("/first-steps/dismiss/").status_code == 302
    assert steps(client)
