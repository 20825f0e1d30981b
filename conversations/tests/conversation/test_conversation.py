"""Starting, joining and leaving conversations."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction

from accounts.models import NotAllowed, User
from accounts.tests.factories import UserFactory
from conversations.models import Conversation
from conversations.tests.factories import ConversationFactory, say


def start(client, **fields):
    return client.post("/c/new/", {"kind": "open", "title": "", "topic": ""} | fields)


def members(conversation):
    return set(conversation.members.values_list("username", flat=True))


@pytest.mark.parametrize("kind", ["open", "private"])
def test_a_conversation_is_started_with_its_people(world, as_, kind):
    answer = start(as_(world.olga), kind=kind, title="Fresh", topic="New things", people=["ana", "ben"])
    fresh = Conversation.objects.get(title="Fresh")
    assert answer["Location"] == f"/c/{fresh.pk}/"
    assert (fresh.kind, fresh.topic, fresh.created_by) == (kind, "New things", world.olga)
    assert members(fresh) == {"olga", "ana", "ben"}


def test_there_is_one_direct_conversation_per_set_of_people(world, as_):
    answers = [
        start(as_(world.ana), kind="direct", people=["ben"]),
        start(as_(world.ben), kind="direct", people=["ana"]),
    ]
    assert {answer["Location"] for answer in answers} == {f"/c/{world.direct.pk}/"}
    three = start(as_(world.ana), kind="direct", people=["ben", "olga"])
    assert three["Location"] != f"/c/{world.direct.pk}/"


def test_the_form_names_missing_fields_and_preserves_the_others(world, as_):
    page = start(as_(world.ana), topic="Kept").content.decode()
    assert "Give it a title" in page
    assert 'value="Kept"' in page
    assert "Choose 1 to 8 people" in start(as_(world.ana), kind="direct").content.decode()
    assert "Nobody here is called zoe." in start(as_(world.ana), title="x", people=["zoe"]).content.decode()
    assert not Conversation.objects.filter(topic="Kept").exists()


@pytest.mark.parametrize("name", ["\0", "a\0b", "%", "x" * 5000, "\u202e", "😀"])
def test_a_malformed_user_name_is_unknown(world, as_, name):
    for address in ("/c/new/", f"/c/{world.town.pk}/members/"):
        answer = as_(world.ana).post(address, {"kind": "open", "title": "x", "people": [name]})
        assert "Nobody here is called" in answer.content.decode()


def test_several_user_names_may_come_in_one_field(world, as_):
    start(as_(world.ana), title="Typed", people="@ben, OLGA")
    assert members(Conversation.objects.get(title="Typed")) == {"ana", "ben", "olga"}


def test_browse_join_and_leave_an_open_conversation(world, as_):
    client = as_(world.olga)
    page = client.get("/c/browse/").content.decode()
    assert "Town hall" in page
    assert "Plans" not in page
    client.post(f"/c/{world.town.pk}/join/")
    assert "olga" in members(world.town)
    assert client.post(f"/c/{world.town.pk}/leave/")["Location"] == "/"
    assert "olga" not in members(world.town)


def test_browsing_is_paginated(world, as_):
    for number in range(55):
        ConversationFactory(title=f"Open {number}")
    first = as_(world.olga).get("/c/browse/").context
    second = as_(world.olga).get(f"/c/browse/?earlier={first['earlier']}").context
    assert len({*first["conversations"], *second["conversations"]}) == 56
    assert second["earlier"] is None


def test_members_see_each_other_and_add_people(world, as_):
    client = as_(world.ben)
    assert "Ana Lima" in client.get(f"/c/{world.plans.pk}/members/").content.decode()
    client.post(f"/c/{world.plans.pk}/members/", {"people": ["olga"]})
    assert members(world.plans) == {"ana", "ben", "olga"}
    page = client.post(f"/c/{world.plans.pk}/members/", {"people": ["nobody"]}).content.decode()
    assert "Nobody here is called nobody." in page


def test_only_members_add_people(world, as_):
    assert as_(world.olga).post(f"/c/{world.town.pk}/members/", {"people": ["olga"]}).status_code == 403
    assert as_(world.olga).post(f"/c/{world.plans.pk}/members/", {"people": ["olga"]}).status_code == 404
    assert as_(world.olga).post(f"/c/{world.plans.pk}/join/").status_code == 404
    assert "olga" not in members(world.plans) | members(world.town)


def test_the_people_and_kind_of_a_direct_conversation_never_change(world, as_):
    for verb, data in (("members", {"people": ["olga"]}), ("leave", {}), ("join", {})):
        assert as_(world.ana).post(f"/c/{world.direct.pk}/{verb}/", data).status_code == 403
    with pytest.raises(PermissionDenied):
        world.direct.replace_members(world.ana, [world.olga])
    for kind in ("open", "private"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Conversation.objects.filter(pk=world.direct.pk).update(kind=kind)
    with pytest.raises(IntegrityError), transaction.atomic():
        Conversation.objects.filter(pk=world.plans.pk).update(kind="direct")
    assert members(world.direct) == {"ana", "ben"}


def test_the_last_member_can_not_leave_a_private_conversation(world, as_):
    as_(world.ben).post(f"/c/{world.plans.pk}/leave/")
    answer = as_(world.ana).post(f"/c/{world.plans.pk}/leave/")
    assert answer.status_code == 403
    assert "Add somebody before you leave" in answer.content.decode()
    assert members(world.plans) == {"ana"}


@pytest.mark.django_db(transaction=True)
def test_opening_a_direct_conversation_concurrently_creates_only_one():
    ana, ben = UserFactory.create_batch(2)

    def open_direct(number):
        try:
            return Conversation.objects.direct(*((ana, [ben]) if number % 2 else (ben, [ana]))).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        [found] = set(pool.map(open_direct, range(16)))
    assert Conversation.objects.get(pk=found).members.count() == 2


def test_verbs_that_add_people_refuse_iterators(world):
    """They read their people several times, which would exhaust an iterator."""
    started = Conversation.objects.start(world.ana, "Garden", "open", people={world.ben})
    started.add(world.ana, {world.olga: "of a mapping"}.keys())
    assert members(started) == {"ana", "ben", "olga"}
    with pytest.raises(TypeError, match="collection"):
        started.admit(person for person in [UserFactory()])


@pytest.mark.parametrize(
    "verb", ["start", "direct", "join", "add", "leave", "draft", "read", "notify", "rename", "type"]
)
def test_verbs_refuse_deactivated_people(world, verb):
    message = say(world.town, world.ben, "hello")
    verbs = {
        "start": lambda by: Conversation.objects.start(by, "Garden", "open"),
        "direct": lambda by: Conversation.objects.direct(by, [world.olga]),
        "join": lambda by: ConversationFactory().join(by),
        "add": lambda by: world.town.add(by, [world.olga]),
        "draft": lambda by: world.town.save_draft(by, "half a", uuid4()),
        "read": lambda by: world.town.mark_read(by, message),
        "notify": lambda by: world.town.set_notify(by, "nothing"),
        "rename": lambda by: world.town.rename(by, "Other", ""),
        "type": lambda by: world.town.announce_typing(by),
        "leave": lambda by: world.town.leave(by),
    }
    verbs[verb](world.ben)
    User.objects.filter(pk=world.ana.pk).update(is_active=False)
    with pytest.raises(NotAllowed):
        verbs[verb](User.objects.get(pk=world.ana.pk))
