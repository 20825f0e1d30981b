"""A session that is open on a forgotten browser changes no way to sign in, and gives nobody power."""

from contextlib import suppress
from types import SimpleNamespace

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse

from accounts.models import User, Workspace
from accounts.tests.factories import UserFactory
from chatsite.recent_authentication import SENSITIVE
from chatsite.tests.plugin import have_just_authenticated
from chatsite.tests.test_access_matrix import address, routes
from conversations.models import Invitation

OLD_SECONDS = 60 * 60
OF_ALLAUTH = ("account_", "mfa_", "socialaccount_", "openid_connect_")  # the names of its pages, below /accounts/
# Addresses below /accounts/ where an old session may post, and why.
HARMLESS = {
    "accounts/login/": "leads people who are signed in away",
    "accounts/login/passkey/": "is a proof",
    "accounts/logout/": "takes nothing but the session",
    "accounts/inactive/": "only shows something",
    "accounts/signup/": "leads people who are signed in away",
    "accounts/reauthenticate/": "is where the proof is given",
    "accounts/reauthenticate/provider/": "is where the proof is given",
    "accounts/2fa/reauthenticate/": "is where the proof is given",
    "accounts/2fa/passkeys/reauthenticate/": "is where the proof is given",
    "accounts/2fa/authenticate/": "is a part of signing in",
    "accounts/email/sent/": "only shows something",
    "accounts/email/<str:key>/": "needs the link in a mail",
    "accounts/password/change/": "asks for the password",
    "accounts/password/reset/": "mails a link to the person",
    "accounts/password/reset/sent/": "only shows something",
    "accounts/password/reset/done/": "only shows something",
    "^accounts/password/reset/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": "needs the link in a mail",
    "accounts/2fa/": "only shows something",
    "accounts/2fa/passkeys/": "only shows something",
    "accounts/devices/": "ends other sessions",
    "accounts/devices/<int:pk>/end/": "ends another session",
    "accounts/provider/error/": "only shows something",
    "accounts/provider/cancelled/": "only shows something",
    "accounts/provider/signup/": "only shows something",
    "accounts/<slug:provider_id>/login/": "is a proof, unless it connects, which is asked below",
    "accounts/<slug:provider_id>/login/callback/": "needs a state that the page before has stored",
}
FORM = {"action_add": "", "email": "mallory@example.org", "role": "owner", "code": "000000", "name": "x"}
FORM |= {"password1": "correct horse battery", "password2": "correct horse battery", "account": "1"}
FORM |= {"credential": "{}", "username": "member", "words": "keep", "uses": "1", "days": "1", "sign_up": "open"}


@pytest.fixture(params=["password", "passkey", "provider"])
def somebody(request, db, settings):
    """An owner who signs in with one thing alone, and has a session."""
    app = {"provider_id": "oidc", "name": "Work", "client_id": "chatsite", "secret": "s", "settings": {}}
    app["settings"] = {"server_url": "http://127.0.0.1:1"}  # where nobody answers
    settings.OIDC, settings.SOCIALACCOUNT_PROVIDERS = app, {"openid_connect": {"APPS": [app]}}
    person = UserFactory(username="boss", role="owner", password="!")
    UserFactory(username="other", role="owner")
    if request.param == "password":
        person.set_password("old password")
        person.save()
    elif request.param == "passkey":
        key = {"name": "Key", "credential": {}, "passwordless": True}
        Authenticator.objects.create(user=person, type=Authenticator.Type.WEBAUTHN, data=key)
    else:
        SocialAccount.objects.create(user=person, provider="oidc", uid="4711")
    return person


@pytest.fixture
def world_of_one(somebody):
    """What `address` fills in: of the person, and of nobody else."""
    other = SimpleNamespace(pk=10**9, link="/join/x/", name="x")
    return SimpleNamespace(people={"member": somebody}, secret=other, message=other, invitation=other, file=other)


def session_of(person, ago):
    client = Client()
    client.force_login(person)
    have_just_authenticated(client, person, ago)
    return client


def credentials():
    """Read everything by which people sign in, and who may do what; not the stamp, with which sessions end."""
    models = [User, EmailAddress, Authenticator, SocialAccount, Invitation, Workspace]
    rows = [list(model.objects.order_by("pk").values()) for model in models]
    return [[{name: row[name] for name in row if name not in ("last_login", "stamp")} for row in each] for each in rows]


def is_asked(answer):
    return answer.status_code == 302 and "reauthenticate/" in answer["Location"]


def test_every_address_of_accounts_asks_or_is_harmless(somebody, world_of_one):
    EmailAddress.objects.get_or_create(user=somebody, email=somebody.email, defaults={"primary": True})
    client, found = session_of(somebody, OLD_SECONDS), {}
    client.raise_request_exception = False  # the provider does not answer
    before = credentials()
    for route in routes():
        if route.lstrip("^").startswith("accounts/") and route != "accounts/logout/":
            there = address(route, world_of_one)
            found[route] = is_asked(client.post(there, FORM)) or is_asked(client.get(there))
            assert credentials() == before, route
    assert {route for route, asked in found.items() if not asked} <= HARMLESS.keys()
    assert is_asked(client.post("/accounts/oidc/login/?process=connect"))
    assert sum(found.values()) >= 10


def address_of(name, member):
    """Return the address of a name in the list, about a member if it is about somebody."""
    for arguments in ((), (member.username,), (member.pk,)):
        with suppress(NoReverseMatch):
            return reverse(name, args=arguments)
    return None


@pytest.mark.parametrize("name", [name for name in SENSITIVE if not name.startswith(OF_ALLAUTH)])
def test_acts_that_give_power_ask(somebody, name):
    member = UserFactory(username="member")
    there = address_of(name, member)
    before = credentials()
    assert is_asked(session_of(somebody, OLD_SECONDS).post(there, FORM))
    assert credentials() == before
    assert not is_asked(session_of(somebody, 10).post(there, FORM))


def test_a_form_continues_after_the_proof(db):
    boss, member = UserFactory(username="boss", role="owner"), UserFactory(username="member")
    boss.set_password("old password")
    boss.save()
    client = session_of(boss, OLD_SECONDS)
    asked = client.post("/people/member/role/", {"role": "admin"})
    client.post(asked["Location"], {"password": "wrong"})
    assert User.objects.get(pk=member.pk).role == "member"
    client.post(asked["Location"], {"password": "old password"})
    assert User.objects.get(pk=member.pk).role == "admin"


def test_people_who_sign_in_at_a_provider_are_sent_there(somebody):
    if not somebody.socialaccount_set.exists():
        return
    client = session_of(somebody, OLD_SECONDS)
    page = client.get(client.get("/accounts/password/set/")["Location"]).content.decode()
    assert 'action="/accounts/oidc/login/?next=/accounts/password/set/' in page
    elsewhere = client.get("/accounts/reauthenticate/provider/?next=https://evil.example/").content.decode()
    assert "evil" not in elsewhere
    assert client.get("/accounts/password/set/", headers={"X-Requested-With": "fetch"}).status_code == 403


def test_every_name_in_the_list_is_an_address():
    admin = get_resolver().namespace_dict["admin"][1].reverse_dict
    names = {*get_resolver().reverse_dict, *(f"admin:{name}" for name in admin)}
    assert SENSITIVE.keys() <= names
