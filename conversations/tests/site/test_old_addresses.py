"""Addresses of release 0.1, which bookmarks and open pages still request."""

import pytest
from django.urls import reverse

from chatsite.old_addresses import MOVED
from conversations.tests.factories import say

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("route", "name"), MOVED.items())
def test_an_old_address_redirects_to_the_new_one(world, as_, route, name):
    old = "/" + route.replace("<int:pk>", "7").replace("<str:username>", "ben")
    parts = {"pk": 7} if "pk" in route else {"username": "ben"} if "username" in route else {}
    answer = as_(world.ana).get(f"{old}?q=b%20c")
    assert (answer.status_code, answer["Location"]) == (301, f"{reverse(name, kwargs=parts)}?q=b%20c")


def test_a_form_of_an_old_page_still_works(world, as_):
    message = say(world.plans, world.ben, "hello")
    answer = as_(world.ana).post(f"/c/{world.plans.pk}/read/", {"message": message.pk})
    assert (answer.status_code, answer["Location"]) == (308, f"/c/{world.plans.pk}/mark-read/")
    answer = as_(world.ana).post(f"/c/{world.plans.pk}/read/", {"message": message.pk}, follow=True)
    assert world.plans.memberships.get(user=world.ana).last_read_message_id == message.pk


def test_an_old_address_refuses_other_methods(world, as_):
    assert as_(world.ana).delete("/go/").status_code == 405
