"""Limits on failed sign-ins and on requests."""

import pytest
from django.test import Client

from accounts.models import LimitReached
from accounts.models.limits import RATES, take_by_key
from accounts.tests.factories import UserFactory

PASSWORD = "correct horse battery"


def sign_in(login, password="wrong", address="192.0.2.1"):
    return Client(REMOTE_ADDR=address).post("/accounts/login/", {"login": login, "password": password})


@pytest.fixture
def ana(db):
    ana = UserFactory(username="ana")
    ana.set_password(PASSWORD)
    ana.save()
    return ana


@pytest.mark.parametrize("names", [["ana", "ana@example.org"], ["nobody"], ["nobody@example.org"]])
def test_an_account_is_blocked_after_five_failures_whether_or_not_it_exists(ana, names):
    answers = [sign_in(names[number % len(names)], address=f"192.0.2.{number}") for number in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    assert answers[5]["Retry-After"] == "360"
    assert sign_in(names[0], PASSWORD, "198.51.100.1").status_code == 429, "even the right password has to wait"


def test_an_ip_address_is_blocked_after_twenty_failures(ana):
    assert {sign_in(f"somebody{number}").status_code for number in range(20)} == {200}
    assert sign_in("ana", PASSWORD).status_code == 429
    assert sign_in("ana", PASSWORD, "192.0.2.2").status_code == 302


def test_a_wrong_password_and_an_unknown_name_get_the_same_page(ana):
    pages = [sign_in(name).content.decode().replace(name, "") for name in ("ana", "nobody")]
    assert "Wrong user name or password" in pages[0]
    strip = [page.partition("csrfmiddlewaretoken")[0] for page in pages]
    assert strip[0] == strip[1]


@pytest.mark.django_db
def test_a_bucket_allows_a_burst_and_then_says_how_long_to_wait():
    for _ in range(RATES["send"].burst):
        take_by_key("send", 7)
    with pytest.raises(LimitReached) as refused:
        take_by_key("send", 7)
    assert refused.value.seconds == 1
    take_by_key("send", 8)


@pytest.mark.django_db
def test_limits_can_be_off(settings):
    settings.LIMITS = False
    for _ in range(RATES["send"].burst + 5):
        take_by_key("send", 7)
