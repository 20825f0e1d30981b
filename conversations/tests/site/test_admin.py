"""Conversations, members and messages in Django admin."""

import pytest
from django.contrib import admin

from accounts.admin import DenyingAdmin
from accounts.models import User
from conversations.models import Conversation
from conversations.tests.factories import say


@pytest.fixture
def owner(world):
    world.olga.role = User.Role.OWNER
    world.olga.save(update_fields=["role"])
    return world.olga


def test_only_owners_open_the_admin(world, owner, as_):
    assert as_(owner).get("/admin/").status_code == 200
    assert as_(world.ana).get("/admin/")["Location"].startswith("/admin/login/")


def test_an_owner_starts_a_conversation_and_changes_its_members(world, owner, as_):
    client = as_(owner)
    fields = {"title": "From admin", "kind": "open", "topic": "", "members": [world.ana.pk, owner.pk]}
    client.post("/admin/conversations/conversation/add/", fields)
    created = Conversation.objects.get(title="From admin")
    assert (created.created_by, set(created.members.all())) == (owner, {world.ana, owner})
    joined_at = created.memberships.get(user=owner).joined_at
    address = f"/admin/conversations/conversation/{created.pk}/change/"
    assert "Ana Lima" in client.get(address).content.decode()
    client.post(address, fields | {"members": [world.ben.pk, owner.pk], "title": "Renamed"})
    created.refresh_from_db()
    assert (created.title, set(created.members.all())) == ("Renamed", {world.ben, owner})
    assert created.memberships.get(user=owner).joined_at == joined_at, "members who stay keep their membership"


def test_a_private_conversation_needs_members(world, owner, as_):
    fields = {"title": "Lost", "kind": "private", "topic": "", "members": []}
    page = as_(owner).post("/admin/conversations/conversation/add/", fields).content.decode()
    assert "nobody could find it again" in page
    assert not Conversation.objects.filter(title="Lost").exists()


def test_private_conversations_are_hidden_from_owners_who_are_not_members(world, owner, as_):
    hidden = say(world.plans, world.ana, "secret")
    shown = say(world.town, world.ana, "public")
    world.town.admit([owner])
    listed = as_(owner).get("/admin/conversations/message/").content.decode()
    assert "public" in listed
    assert "secret" not in listed
    assert as_(owner).get(f"/admin/conversations/message/{hidden.pk}/change/").status_code == 302
    assert as_(owner).get(f"/admin/conversations/message/{shown.pk}/change/").status_code == 200
    assert "Plans" not in as_(owner).get("/admin/conversations/conversation/").content.decode()


def test_django_admin_shows_no_messages_of_open_conversations_that_the_reader_is_not_in(world, owner, as_):
    elsewhere = say(world.town, world.ana, "public")
    assert as_(owner).get(f"/m/{elsewhere.pk}/").status_code == 302, "they may read it on the site"
    assert "public" not in as_(owner).get("/admin/conversations/message/").content.decode()
    assert as_(owner).get(f"/admin/conversations/message/{elsewhere.pk}/change/").status_code == 302


def lookups(model):
    """List the words by which Django could filter a list of a model: each column and relation, and their columns."""
    for field in model._meta.get_fields():
        yield field.name
        yield from (f"{field.name}__{kind}" for kind in ("startswith", "gt", "in", "isnull", "pk"))
        if field.related_model:
            yield from (f"{field.name}__{other.name}" for other in field.related_model._meta.get_fields())


@pytest.mark.parametrize("model", admin.site._registry, ids=str)
def test_no_list_can_be_filtered_but_by_its_own_filters(world, owner, as_, model):
    client, page = as_(owner), f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
    found = {word: client.get(page, {word: "1"}).status_code for word in {*lookups(model), "no_such_column"}}
    own = {each[0] if isinstance(each, tuple) else each for each in admin.site._registry[model].list_filter}
    allowed = {word for word, status in found.items() if status != 400}
    assert allowed <= {f"{name}__{kind}" for name in own for kind in ("exact", "isnull", "isempty")}
    assert len(found) > 50


def test_the_filters_that_a_list_shows_work(world, owner, as_):
    client = as_(owner)
    assert "ana" in client.get("/admin/accounts/user/?role__exact=member").content.decode()
    assert client.get("/admin/accounts/user/?is_active__exact=1&q=ana&o=1&p=1").status_code == 200
    assert client.get("/admin/conversations/conversation/?kind__exact=open&archived_at__isempty=1").status_code == 200


def test_every_list_denies_by_default():
    assert all(isinstance(each, DenyingAdmin) for each in admin.site._registry.values())


def test_messages_can_not_be_changed_or_deleted(world, owner, as_):
    world.town.admit([owner])
    shown = say(world.town, world.ana, "public")
    address = f"/admin/conversations/message/{shown.pk}"
    assert as_(owner).post(f"{address}/change/", {"content": "forged"}).status_code == 403
    assert as_(owner).post(f"{address}/delete/", {"post": "yes"}).status_code == 403
    shown.refresh_from_db()
    assert shown.content == "public"


def test_a_direct_conversation_is_read_only(world, owner, as_):
    mine = Conversation.objects.direct(owner, [world.ana])
    address = f"/admin/conversations/conversation/{mine.pk}/change/"
    assert "Ana Lima" in as_(owner).get(address).content.decode()
    assert as_(owner).post(address, {"kind": "open", "members": []}).status_code == 403
    assert mine.members.count() == 2


def test_a_deleted_conversation_is_hidden_and_can_be_restored(world, owner, as_):
    say(world.town, world.ana, "public")
    address = f"/admin/conversations/conversation/{world.town.pk}/delete/"
    assert "everything said in it" in as_(owner).get(address).content.decode()
    as_(owner).post(address, {"post": "yes"})
    assert as_(world.ana).get(f"/c/{world.town.pk}/").status_code == 404
    world.town.restore_by(owner)
    assert as_(world.ana).get(f"/c/{world.town.pk}/").status_code == 200


def test_the_kind_can_only_be_changed_in_the_settings(world, owner, as_):
    fields = {"title": "Town hall", "topic": "", "kind": "private", "members": [world.ana.pk]}
    as_(owner).post(f"/admin/conversations/conversation/{world.town.pk}/change/", fields)
    world.town.refresh_from_db()
    assert (world.town.kind, set(world.town.members.all())) == ("open", {world.ana})
