"""What anonymous visitors send counts by address, of IPv6 by the network of a household."""

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.models import Workspace, limits
from accounts.tests.factories import UserFactory
from accounts.unsent import Unsent

NUMBERS = range(4)
FORMS = {
    "/accounts/login/": (lambda n: {"login": f"somebody{n}", "password": "wrong"}, "sign in from"),
    "/accounts/login/passkey/": (lambda n: {"begin": "yes"}, "begin a session"),
    "/accounts/signup/": (lambda n: {"username": f"eve{n}", "email": "no address"}, "try to sign up"),
    "/join/": (lambda n: {"email": f"eve{n}@example.org"}, "sign up"),
}


@pytest.fixture(autouse=True)
def _open_to_strangers(db, settings, request):
    UserFactory(role="owner")
    settings.MAIL = settings.MAIL or {"backend": "django.core.mail.backends.locmem.EmailBackend"}
    by_mail = "/join/" in request.node.name
    Workspace.objects.current().change(None, sign_up="domains" if by_mail else "open", domains=["example.org"])
    cache.clear()


def send(address, path, form):
    return Client(REMOTE_ADDR=address).post(path, form).status_code


@pytest.mark.parametrize("path", FORMS)
@pytest.mark.parametrize(
    ("same", "other"),
    [
        ([f"2001:db8:1:2:{n}::{n}" for n in NUMBERS], "2001:db8:1:3::1"),
        (["192.0.2.1" for _ in NUMBERS], "192.0.2.2"),
    ],
)
def test_a_form_counts_for_the_network_that_sends_it(path, same, other, monkeypatch):
    fields, action = FORMS[path]
    monkeypatch.setitem(limits.RATES, action, limits.Rate(len(NUMBERS) - 1, 60))
    found = [send(address, path, fields(n)) for n, address in enumerate(same)]
    assert 429 not in found[:-1]
    assert found[-1] == 429
    assert send(other, path, fields(9)) != 429


def test_requests_to_reset_a_password_count_for_a_network():
    path = "/accounts/password/reset/"
    found = [send(f"2001:db8:1:2:{n}::{n}", path, {"email": f"eve{n}@example.org"}) for n in range(21)]
    assert found == [302] * 20 + [429]
    assert send("2001:db8:1:3::1", path, {"email": "eve@example.org"}) == 302


def test_a_text_that_nobody_signed_is_not_stored():
    client = Client()
    for address in ("/accounts/login/", "/accounts/signup/", "/accounts/oidc/login/"):
        client.post(address, {"unsent": Unsent("/c/1/", None, {"content": "typed"}).sign()})
    assert "sessionid" not in client.cookies
