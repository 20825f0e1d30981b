"""Reactions to a message."""

import pytest
from django.db import IntegrityError, transaction

from accounts.tests.factories import UserFactory
from conversations.models import Membership, Reaction
from conversations.models.message.reaction import MAX_KINDS
from conversations.tests.factories import say


def react(client, message, emoji, **fields):
    return client.post(f"/m/{message.pk}/reactions/", {"emoji": emoji, **fields})


def test_members_react_and_everyone_sees_who_did(world, as_):
    message = say(world.plans, world.ana, "Cake at four")
    for person, emoji in ((world.ana, "🎂"), (world.ben, ":birthday:"), (world.ben, "👍🏽")):
        assert react(as_(person), message, emoji).status_code == 302
    page = as_(world.ben).get(f"/c/{world.plans.pk}/").content.decode()
    assert f'data-emoji="🎂" data-people="{world.ana.pk} {world.ben.pk}" title="Ana Lima, ben"' in page
    assert "👍🏽</span> 1<" in page
    names = as_(world.ana).get(f"/m/{message.pk}/reactions/").content.decode()
    assert "Ana Lima" in names
    assert "Remove my reaction" in names


def test_outsiders_can_not_react_and_see_no_reactions(world, as_):
    message = say(world.plans, world.ana, "Cake at four")
    assert react(as_(world.olga), message, "🎂").status_code == 404
    assert as_(world.olga).get(f"/m/{message.pk}/reactions/").status_code == 404
    assert not Reaction.objects.exists()


@pytest.mark.parametrize("emoji", ["", "x", "🎂🎂", "<b>", ":nothing-like-it:", "🎂 " * 30, "\0"])
def test_anything_but_an_emoji_is_refused(world, as_, emoji):
    message = say(world.plans, world.ana, "Cake at four")
    answer = react(as_(world.ben), message, emoji)
    assert answer.status_code == 422
    assert 'class="errorlist"' in answer.content.decode()
    assert not Reaction.objects.exists()


def test_an_emoji_counts_once_per_person_and_only_they_remove_it(world, as_):
    message = say(world.plans, world.ana, "Cake at four")
    for _ in range(2):
        react(as_(world.ben), message, "❤")
        react(as_(world.ana), message, "❤️")
    assert [reaction.emoji for reaction in Reaction.objects.all()] == ["❤️", "❤️"]
    react(as_(world.ben), message, "❤️", remove=1)
    assert Reaction.objects.get().user == world.ana
    with pytest.raises(IntegrityError), transaction.atomic():
        Reaction.objects.create(message=message, user=world.ana, emoji="❤️")


def test_a_reaction_is_sent_to_open_pages_as_a_change(world, as_):
    message = say(world.plans, world.ana, "Cake at four")
    react(as_(world.ben), message, "🎂")
    told = as_(world.ana).get(f"/c/{world.plans.pk}/changes/?after={message.revision}").content.decode()
    assert 'data-emoji="🎂"' in told
    world.plans.refresh_from_db()
    assert f'data-revision="{world.plans.revision}"' in told


def test_only_writers_react(world, as_):
    message = say(world.town, world.ana, "Hello")
    assert react(as_(world.olga), message, "👍").status_code == 422, "people who are not members only read"
    Membership.objects.filter(user=world.ben).update(role="reader")
    assert react(as_(world.ben), message, "👍").status_code == 422
    world.town.row().update(archived_at=message.created_at)
    assert react(as_(world.ana), message, "👍").status_code == 422
    assert not Reaction.objects.exists()


def test_the_number_of_different_emoji_is_limited(world, as_):
    message = say(world.plans, world.ana, "Cake at four")
    crowd = UserFactory()
    Reaction.objects.bulk_create(Reaction(message=message, user=crowd, emoji=f"{n}") for n in range(MAX_KINDS))
    assert "the most it can have" in react(as_(world.ben), message, "👍").content.decode()


def test_scripts_receive_the_message_or_a_one_line_error(world, as_):
    message = say(world.plans, world.ana, "Cake at four")
    answer = as_(world.ben).post(f"/m/{message.pk}/reactions/", {"emoji": "👍"}, headers={"X-Requested-With": "fetch"})
    assert (answer.status_code, 'data-emoji="👍"' in answer.content.decode()) == (200, True)
    answer = as_(world.ben).post(f"/m/{message.pk}/reactions/", {"emoji": "no"}, headers={"X-Requested-With": "fetch"})
    assert (answer.status_code, answer["Content-Type"].partition(";")[0]) == (403, "text/plain")
