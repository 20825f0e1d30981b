"""Whatever request ends a visit tells the browser to forget its pages."""

import time

import pytest

from accounts.models.visit import BEGAN
from accounts.tests.factories import UserFactory

FORGET = '"cache"'
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["/accounts/logout/", "/admin/logout/"])
def test_signing_out_empties_the_cache_of_the_browser(as_, address):
    client = as_(UserFactory(role="owner"))
    assert "Clear-Site-Data" not in client.get("/people/")
    assert client.post(address)["Clear-Site-Data"] == FORGET
    assert "Clear-Site-Data" not in client.get("/accounts/login/")


def test_a_visit_that_is_too_old_empties_the_cache_of_the_browser(as_):
    client = as_(UserFactory())
    session = client.session
    session[BEGAN] = int(time.time()) - 181 * 24 * 60 * 60
    session.save()
    assert client.get("/people/")["Clear-Site-Data"] == FORGET


@pytest.mark.parametrize("address", ["/", "/people/", "/settings/profile/", "/admin/", "/search/?q=x", "/c/7/"])
def test_pages_of_a_person_are_compared_before_they_are_shown_again(as_, address):
    assert as_(UserFactory(role="owner")).get(address)["Cache-Control"].find("no-cache") >= 0
