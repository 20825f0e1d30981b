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
    return re.findall('<span><a href="[^"]+">([^<]+)</a>', panel[0]) if panel else []


def test_the_owner_of_a_new_workspace_is_guided_until_three_people_talk(owner, as_):
    client, alone = as_(owner), ["Invite people", "Import from Slack"]
    start, personal = "Start a conversation", ["Add a profile picture", "Set your time zone"]
    assert steps(client) == ["Name the workspace", start, *alone, *personal]
    Workspace.objects.current().change(None, name="Bakery")
    assert steps(client) == [start, *alone, *personal]
    client.post("/c/new/", {"title": "Town hall", "kind": "open"})
    town = owner.conversations.get()
    assert steps(client) == ["Say hello in #Town hall", *alone, *personal]
    say(town, owner, "hello")
    assert steps(client) == [*alone, *personal]
    others = [UserFactory(username=name) for name in ("ana", "ben")]
    assert steps(client) == ["Get three people talking", *personal]
    town.admit(others)
    say(town, others[0], "hello")
    assert steps(client) == ["Get three people talking", *personal]
    say(town, others[1], "hello")
    assert steps(client) == personal
    User.objects.filter(pk=owner.pk).update(time_zone="Asia/Tokyo")
    client.post("/settings/picture/", {"picture": SimpleUploadedFile("me.jpg", picture())})
    assert steps(client) == []


def test_imported_people_who_have_not_signed_in_are_no_company(owner, as_):
    for number in range(3):
        User.objects.import_person(
            User(username=f"imported{number}", display_name="", email="", origin=f"slack:{number}")
        )
    assert "Invite people" in steps(as_(owner))


def test_a_new_member_is_guided_to_conversations(world, as_):
    client, personal = as_(world.olga), ["Add a profile picture", "Set your time zone"]
    assert steps(client) == ["Browse the open conversations", *personal]
    client.post(f"/c/{world.town.pk}/join/")
    assert steps(client) == ["Say hello in #Town hall", *personal]
    User.objects.filter(pk=world.olga.pk).update(role=Role.GUEST)
    world.town.dismiss([world.olga], None)
    assert steps(client) == personal, "guests neither browse nor start conversations"


def test_people_who_are_not_new_see_no_first_steps(world, as_):
    olga = world.olga
    client = as_(olga)
    client.get("/")  # updates the last visit
    with CaptureQueriesContext(connection) as empty:
        assert steps(client)
    [ConversationFactory(members=[olga]) for _ in range(FEW_CONVERSATIONS)]
    with CaptureQueriesContext(connection) as full:
        assert steps(client) == []
    assert len(full) == len(empty) - 1
    olga.conversations.all().delete()
    assert steps(client)
    User.objects.filter(pk=olga.pk).update(created_at=timezone.now() - timedelta(days=31))
    assert steps(client) == []


def test_the_owner_keeps_the_steps_however_many_conversations_there_are(owner, as_):
    [ConversationFactory(members=[owner]) for _ in range(FEW_CONVERSATIONS + 1)]
    assert "Invite people" in steps(as_(owner))
    User.objects.filter(pk=owner.pk).update(created_at=timezone.now() - timedelta(days=31))
    assert steps(as_(owner)) == []


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
