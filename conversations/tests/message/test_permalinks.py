"""Permalinks of messages, which never change."""

import re

import pytest

from conversations.tests.factories import say

PASSWORD = "correct horse battery"
HUGE = 10**30


def test_an_anonymous_visitor_reaches_the_message_after_signing_in(world, client):
    world.ben.set_password(PASSWORD)
    world.ben.save()
    chosen = say(world.plans, world.ana, "the one that matters")
    say(world.plans, world.ana, *map(str, range(30)))
    asked = client.get(f"/m/{chosen.pk}/")
    assert asked["Location"] == f"/accounts/login/?next=/m/{chosen.pk}/"
    form = client.get(asked["Location"]).content.decode()
    then = re.search(r'name="next" value="([^"]+)"', form)[1]
    answer = client.post("/accounts/login/", {"login": "ben", "password": PASSWORD, "next": then}, follow=True)
    assert [address for address, _ in answer.redirect_chain] == [
        f"/m/{chosen.pk}/",
        f"/c/{world.plans.pk}/?at={chosen.pk}#m{chosen.pk}",
    ]
    assert f'<article id="m{chosen.pk}"' in answer.content.decode()
    assert "the one that matters" not in client.get(f"/c/{world.plans.pk}/").content.decode(), "it is on an older page"


def test_anonymous_visitors_can_not_tell_messages_apart(world, client):
    numbers = [say(world.town, world.ana, "open").pk, say(world.plans, world.ana, "secret").pk, 10**9, HUGE]
    answers = [client.get(f"/m/{number}/") for number in numbers]
    assert [answer["Location"] for answer in answers] == [f"/accounts/login/?next=/m/{number}/" for number in numbers]
    assert {(answer.status_code, answer.content) for answer in answers} == {(302, b"")}


@pytest.mark.parametrize("title", ["plans", "direct"])
def test_a_hidden_message_responds_like_a_missing_one(world, as_, title):
    secret, deleted = say(getattr(world, title), world.ben, "secret"), say(getattr(world, title), world.ben, "gone")
    deleted.delete_by(world.ben)
    numbers = [secret.pk, deleted.pk, 10**9, 2**31, 2**63, HUGE, "9" * 4000]
    assert as_(world.ana).get(f"/m/{secret.pk}/").status_code == 302, "there is something to hide"
    answers = [as_(world.olga).get(f"/m/{number}/") for number in numbers]
    assert {answer.status_code for answer in answers} == {404}
    assert {answer.content for answer in answers} == {answers[0].content}
    assert all(dict(answer.headers) == dict(answers[0].headers) for answer in answers)


def test_the_permalink_of_a_deleted_message_shows_its_neighbours(world, as_):
    message = say(world.plans, world.ana, "gone")
    say(world.plans, world.ana, "stays")
    message.delete_by(world.ana)
    page = as_(world.ben).get(f"/m/{message.pk}/", follow=True).content.decode()
    assert "gone" not in page.replace('class="gone"', "")
    assert "stays" in page
