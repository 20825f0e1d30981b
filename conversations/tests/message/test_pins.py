"""Pinned messages of a conversation, and messages that people save for themselves."""

import pytest

from conversations.models import Membership, Pin, SavedMessage
from conversations.tests.factories import say


@pytest.fixture
def note(world):
    return say(world.plans, world.ana, "The door code changes on Friday")


def test_a_member_pins_with_a_reason_and_every_reader_sees_it(world, as_, note):
    assert as_(world.ben).get(f"/m/{note.pk}/pin/").status_code == 200
    as_(world.ben).post(f"/m/{note.pk}/pin/", {"reason": "asked every week", "sure": "1"})
    for path in (f"/c/{world.plans.pk}/", f"/c/{world.plans.pk}/pins/"):
        page = as_(world.ana).get(path).content.decode()
        assert 'pinned by ben: <span dir="auto">asked every week</span>' in page
    as_(world.ana).post(f"/m/{note.pk}/unpin/")
    assert f'id="m{note.pk}"' not in as_(world.ben).get(f"/c/{world.plans.pk}/pins/").content.decode()


def test_outsiders_can_not_pin_and_see_no_pins(world, as_, note):
    assert as_(world.olga).post(f"/m/{note.pk}/pin/", {"sure": "1"}).status_code == 404
    assert as_(world.olga).get(f"/c/{world.plans.pk}/pins/").status_code == 404
    hello = say(world.town, world.ana, "Hello")
    assert as_(world.olga).post(f"/m/{hello.pk}/pin/", {"sure": "1"}).status_code == 403
    Membership.objects.filter(user=world.ben).update(role="reader")
    assert as_(world.ben).post(f"/m/{note.pk}/pin/", {"sure": "1"}).status_code == 403
    assert not Pin.objects.exists()


def test_pinning_is_a_change_and_pinning_twice_makes_one_pin(world, as_, note):
    for reason in ("one", "two"):
        as_(world.ben).post(f"/m/{note.pk}/pin/", {"reason": reason, "sure": "1"})
    told = as_(world.ana).get(f"/c/{world.plans.pk}/changes/?after={note.revision}").content.decode()
    assert "two" in told
    as_(world.ana).post(f"/m/{note.pk}/pin/", {"sure": "1"})
    assert Pin.objects.get().reason == "two", "pinning without a reason preserves the earlier one"
    assert Pin.objects.get().pinned_by == world.ben


def test_a_deleted_message_is_not_listed_among_pins_until_it_is_restored(world, as_, note):
    note.pin(world.ben)
    note.delete_by(world.ana)
    assert f'id="m{note.pk}"' not in as_(world.ben).get(f"/c/{world.plans.pk}/pins/").content.decode()
    note.restore_by(world.ana)
    assert f'id="m{note.pk}"' in as_(world.ben).get(f"/c/{world.plans.pk}/pins/").content.decode()


def test_a_page_knows_which_of_its_messages_the_reader_has_saved(world, as_, note):
    client, address = as_(world.ben), f"/c/{note.conversation_id}/"
    assert "data-saved" not in client.get(address).content.decode()
    note.save_for(world.ben)
    assert f'data-saved="{note.pk}"' in client.get(address).content.decode()
    assert "data-saved" not in as_(world.ana).get(address).content.decode()
    page = client.get(f"{address}?at={note.pk}").content.decode()
    assert f"/m/{note.pk}/unsave/" in page
    assert f"/m/{note.pk}/save/" not in page
    note.mark_done_for(world.ben)
    assert "data-saved" not in client.get(address).content.decode()


def test_saved_messages_are_private_and_can_be_marked_done(world, as_, note):
    client = as_(world.ben)
    client.post(f"/m/{note.pk}/save/")
    assert f'id="m{note.pk}"' in client.get("/saved/").content.decode()
    assert f'id="m{note.pk}"' not in as_(world.ana).get("/saved/").content.decode()
    client.post(f"/m/{note.pk}/done/")
    assert f'id="m{note.pk}"' not in client.get("/saved/").content.decode()
    assert f'id="m{note.pk}"' in client.get("/saved/?done").content.decode()
    client.post(f"/m/{note.pk}/save/")
    assert f'id="m{note.pk}"' in client.get("/saved/").content.decode()
    client.post(f"/m/{note.pk}/unsave/")
    assert not SavedMessage.objects.exists()


def test_saved_messages_that_became_invisible_are_not_listed(world, as_, note):
    assert as_(world.olga).post(f"/m/{note.pk}/save/").status_code == 404
    client = as_(world.ben)
    client.post(f"/m/{note.pk}/save/")
    Membership.objects.filter(conversation=world.plans, user=world.ben).delete()
    assert f'id="m{note.pk}"' not in client.get("/saved/").content.decode()


def test_saved_messages_are_paginated(world, as_):
    client = as_(world.ben)
    for number in range(25):
        say(world.plans, world.ana, f"number {number}.").save_for(world.ben)
    page = client.get("/saved/")
    assert [f"number {n}." in page.content.decode() for n in (24, 5, 4)] == [True, True, False]
    older = client.get(f"/saved/?earlier={page.context['earlier']}").content.decode()
    assert [f"number {n}." in older for n in (5, 4, 0)] == [False, True, True]
