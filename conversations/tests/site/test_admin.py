"""Conversations, members and messages in Django admin."""

import pytest

from accounts.models import User
from conversations.models import Conversation
from conversations.tests.factories import say


@pytest.fixture
def owner(world):
    world.olga.role = User.Role.OWNER
    world.olga.save(update_fields=["role"])
    return world.olga


def test_admin_is_the_owners_alone(world, owner, as_):
    assert as_(owner).get("/admin/").status_code == 200
    assert as_(world.ana).get("/admin/")["Location"].startswith("/admin/login/")


def test_the_owner_begins_a_conversation_and_changes_its_members(world, owner, as_):
    client = as_(owner)
    fields = {"title": "From admin", "kind": "open", "topic": "", "members": [world.ana.pk, owner.pk]}
    client.post("/admin/conversations/conversation/add/", fields)
    made = Conversation.objects.get(title="From admin")
    assert (made.created_by, set(made.members.all())) == (owner, {world.ana, owner})
    joined_at = made.memberships.get(user=owner).joined_at
    address = f"/admin/conversations/conversation/{made.pk}/change/"
    assert "Ana Lima" in client.get(address).content.decode()
    client.post(address, fields | {"members": [world.ben.pk, owner.pk], "title": "Renamed"})
    made.refresh_from_db()
    assert (made.title, set(made.members.all())) == ("Renamed", {world.ben, owner})
    assert made.memberships.get(user=owner).joined_at == joined_at, "who stays keeps their membership"


def test_a_private_conversation_needs_members_to_be_found_again(world, owner, as_):
    fields = {"title": "Lost", "kind": "private", "topic": "", "members": []}
    page = as_(owner).post("/admin/conversations/conversation/add/", fields).content.decode()
    assert "nobody could find it again" in page
    assert not Conversation.objects.filter(title="Lost").exists()


def test_an_owner_is_no_member_what_is_private_stays_so(world, owner, as_):
    hidden = say(world.plans, world.ana, "secret")
    shown = say(world.town, world.ana, "public")
    listed = as_(owner).get("/admin/conversations/message/").content.decode()
    assert "public" in listed
    assert "secret" not in listed
    assert as_(owner).get(f"/admin/conversations/message/{hidden.pk}/change/").status_code == 302
    assert as_(owner).get(f"/admin/conversations/message/{shown.pk}/change/").status_code == 200
    assert "Plans" not in as_(owner).get("/admin/conversations/conversation/").content.decode()


def test_nobody_rewrites_what_others_said(world, owner, as_):
    shown = say(world.town, world.ana, "public")
    address = f"/admin/conversations/message/{shown.pk}"
    assert as_(owner).post(f"{address}/change/", {"content": "forged"}).status_code == 403
    assert as_(owner).post(f"{address}/delete/", {"post": "yes"}).status_code == 403
    shown.refresh_from_db()
    assert shown.content == "public"


def test_a_direct_conversation_can_be_looked_at_and_not_changed(world, owner, as_):
    mine = Conversation.objects.direct(owner, [world.ana])
    address = f"/admin/conversations/conversation/{mine.pk}/change/"
    assert "Ana Lima" in as_(owner).get(address).content.decode()
    assert as_(owner).post(address, {"kind": "open", "members": []}).status_code == 403
    assert mine.members.count() == 2


def test_deleting_a_conversation_takes_it_away_and_can_be_undone(world, owner, as_):
    say(world.town, world.ana, "public")
    address = f"/admin/conversations/conversation/{world.town.pk}/delete/"
    assert "everything said in it" in as_(owner).get(address).content.decode()
    as_(owner).post(address, {"post": "yes"})
    assert as_(world.ana).get(f"/c/{world.town.pk}/").status_code == 404
    world.town.restore_by(owner)
    assert as_(world.ana).get(f"/c/{world.town.pk}/").status_code == 200


def test_the_kind_is_left_to_the_settings_which_warn(world, owner, as_):
    fields = {"title": "Town hall", "topic": "", "kind": "private", "members": [world.ana.pk]}
    as_(owner).post(f"/admin/conversations/conversation/{world.town.pk}/change/", fields)
    world.town.refresh_from_db()
    assert (world.town.kind, set(world.town.members.all())) == ("open", {world.ana})
