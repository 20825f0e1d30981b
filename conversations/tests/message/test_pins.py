"""Pins of a conversation, and messages that somebody saves for themself."""

import pytest

from conversations.models import Membership, Pin, SavedMessage
from conversations.tests.factories import say


@pytest.fixture
def note(world):
    return say(world.plans, world.ana, "The door code changes on Friday")


def test_a_member_pins_with_a_reason_and_everyone_there_sees_it(world, as_, note):
    assert as_(world.ben).get(f"/m/{note.pk}/pin/").status_code == 200
    as_(world.ben).post(f"/m/{note.pk}/pin/", {"reason": "asked every week", "sure": "1"})
    for path in (f"/c/{world.plans.pk}/", f"/c/{world.plans.pk}/pins/"):
        page = as_(world.ana).get(path).content.decode()
        assert 'pinned by ben: <span dir="auto">asked every week</span>' in page
    as_(world.ana).post(f"/m/{note.pk}/unpin/")
    assert f'id="m{note.pk}"' not in as_(world.ben).get(f"/c/{world.plans.pk}/pins/").content.decode()


def test_an_outsider_pins_nothing_and_sees_no_pins(world, as_, note):
    assert as_(world.olga).post(f"/m/{note.pk}/pin/", {"sure": "1"}).status_code == 404
    assert as_(world.olga).get(f"/c/{world.plans.pk}/pins/").status_code == 404
    hello = say(world.town, world.ana, "Hello")
    assert as_(world.olga).post(f"/m/{hello.pk}/pin/", {"sure": "1"}).status_code == 403
    Membership.objects.filter(user=world.ben).update(role="reader")
    assert as_(world.ben).post(f"/m/{note.pk}/pin/", {"sure": "1"}).status_code == 403
    assert not Pin.objects.exists()


def test_a_pin_is_a_change_and_pinned_twice_is_pinned_once(world, as_, note):
    for reason in ("one", "two"):
        as_(world.ben).post(f"/m/{note.pk}/pin/", {"reason": reason, "sure": "1"})
    told = as_(world.ana).get(f"/c/{world.plans.pk}/changes/?after={note.revision}").content.decode()
    assert "two" in told
    as_(world.ana).post(f"/m/{note.pk}/pin/", {"sure": "1"})
    assert Pin.objects.get().reason == "two", "who says nothing changes nothing"
    assert Pin.objects.get().pinned_by == world.ben


def test_a_deleted_message_is_among_no_pins_until_it_is_back(world, as_, note):
    note.pin(world.ben)
    note.delete_by(world.ana)
    assert f'id="m{note.pk}"' not in as_(world.ben).get(f"/c/{world.plans.pk}/pins/").content.decode()
    note.restore_by(world.ana)
    assert f'id="m{note.pk}"' in as_(world.ben).get(f"/c/{world.plans.pk}/pins/").content.decode()


def test_what_one_saves_is_for_oneself_and_is_done_some_day(world, as_, note):
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


def test_what_one_may_not_see_any_more_is_not_among_the_saved(world, as_, note):
    assert as_(world.olga).post(f"/m/{note.pk}/save/").status_code == 404
    client = as_(world.ben)
    client.post(f"/m/{note.pk}/save/")
    Membership.objects.filter(conversation=world.plans, user=world.ben).delete()
    assert f'id="m{note.pk}"' not in client.get("/saved/").content.decode()


def test_saved_messages_come_in_pages(world, as_):
    client = as_(world.ben)
    for number in range(25):
        say(world.plans, world.ana, f"number {number}.").save_for(world.ben)
    page = client.get("/saved/")
    assert [f"number {n}." in page.content.decode() for n in (24, 5, 4)] == [True, True, False]
    older = client.get(f"/saved/?earlier={page.context['earlier']}").content.decode()
    assert [f"number {n}." in older for n in (5, 4, 0)] == [False, True, True]
