"""Signing in with an OpenID Connect provider, which runs on this machine."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from accounts.models import User, Workspace, limits
from accounts.tests.factories import UserFactory
from accounts.unsent import Unsent
from chatsite.environment import is_issuer
from chatsite.tests.plugin import have_just_authenticated

KEY = "a key that only the provider knows, and never shows"


class Provider(ThreadingHTTPServer):
    """A provider with one person, who consents to everything."""

    token_sub = ""  # in the token, if that is of somebody else
    nonce = None  # of the sign-in that began last, unless a test sets another one
    person = {"sub": "4711", "email": "eve@example.org", "email_verified": True, "name": "Eve Adams"}

    @property
    def issuer(self):
        return f"http://localhost:{self.server_port}"


class Answer(BaseHTTPRequestHandler):
    def do_GET(self):
        issuer = self.server.issuer
        if self.path == "/userinfo":
            return self.send_json(self.server.person)
        names = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")
        endpoints = {name: f"{issuer}/{name.partition('_')[0]}" for name in names}
        return self.send_json({"issuer": issuer} | endpoints)

    def do_POST(self):
        asked = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        assert asked["code"] == ["a-code"]
        assert asked["code_verifier"], "proof that the same client began"
        now = int(time.time())
        claims = self.server.person | {"iss": self.server.issuer, "aud": "chatsite", "iat": now, "exp": now + 60}
        claims |= {"sub": self.server.token_sub or claims["sub"], "nonce": self.server.nonce}
        self.send_json({"access_token": "x", "token_type": "Bearer", "id_token": jwt.encode(claims, KEY)})

    def send_json(self, content):
        body = json.dumps(content).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


@pytest.fixture
def provider(db, settings):
    with Provider(("localhost", 0), Answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        own = {"server_url": server.issuer, "oauth_pkce_enabled": True}
        app = {"provider_id": "oidc", "name": "Work", "client_id": "chatsite", "secret": "s", "settings": own}
        settings.OIDC, settings.SOCIALACCOUNT_PROVIDERS = app, {"openid_connect": {"APPS": [app]}}
        yield server
        server.shutdown()


def leave(client, query="", **fields):
    """Leave for the provider, which learns the nonce; return the address to which it leads back."""
    page = client.post(f"/accounts/oidc/login/{query}", fields)
    assert page.headers["Content-Security-Policy"].count("form-action 'self';") == 1
    asked = parse_qs(urlsplit(page.context["address"]).query)
    [Provider.nonce], [state] = asked["nonce"], asked["state"]
    return f"/accounts/oidc/login/callback/?{urlencode({'code': 'a-code', 'state': state})}"


def sign_in(**fields):
    """Sign in at the provider; return the client and the response to its callback."""
    client = Client()
    assert "Sign in with Work" in client.get("/accounts/login/").content.decode()
    assert client.get("/accounts/oidc/login/")["Location"] == "/accounts/login/", "a link starts no sign-in"
    return client, client.get(leave(client, **fields))


def test_the_first_person_becomes_the_owner_and_later_gets_the_same_account(provider):
    client, back = sign_in()
    assert back["Location"] == "/"
    assert client.get("/").status_code == 200
    eve = User.objects.get()
    assert (eve.username, eve.name, eve.role, eve.has_usable_password()) == ("eve", "Eve Adams", "owner", False)
    sign_in()
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("rule", "is_admitted"), [({}, False), ({"sign_up": "open"}, True), ({"sign_up": "domains"}, True)]
)
def test_only_people_admitted_by_the_workspace_get_an_account(provider, rule, is_admitted):
    UserFactory(role="owner")
    Workspace.objects.current().change(None, domains=["example.org"], **rule)
    sign_in()
    assert User.objects.filter(email="eve@example.org").exists() == is_admitted


def test_an_unverified_address_is_not_admitted_by_its_domain(provider):
    UserFactory(role="owner")
    Workspace.objects.current().change(None, sign_up="domains", domains=["example.org"])
    provider.person = provider.person | {"email_verified": False}
    sign_in()
    assert not User.objects.filter(email="eve@example.org").exists()


@pytest.mark.parametrize("word", ["false", "true", 1, None, [True]])
def test_only_true_verifies_an_address(provider, word):
    UserFactory(role="owner")
    imported = UserFactory(email="eve@example.org", password="!")
    Workspace.objects.current().change(None, sign_up="domains", domains=["example.org"])
    provider.person = provider.person | {"email_verified": word}
    client, back = sign_in()
    assert (back.status_code, client.get("/").status_code) == (403, 302)
    assert not imported.socialaccount_set.exists()


def test_the_token_and_the_answer_about_the_person_have_to_name_the_same(provider):
    provider.token_sub = "4712"
    client, back = sign_in()
    assert (back.status_code, client.get("/").status_code) == (403, 302)
    assert not User.objects.exists()


@pytest.mark.parametrize("process", ["", "?process=connect"], ids=["signing in", "connecting"])
@pytest.mark.parametrize("nonce", ["of the sign-in before", "of nobody", None])
def test_the_token_has_to_be_made_for_this_sign_in(provider, as_, nonce, process):
    client = as_(UserFactory(role="owner")) if process else Client()
    leave(Client())
    earlier = Provider.nonce
    address = leave(client, process)
    assert Provider.nonce != earlier
    provider.nonce = earlier if nonce == "of the sign-in before" else nonce
    assert client.get(address).status_code == 403
    assert not SocialAccount.objects.exists()


def test_an_old_session_connects_an_account_after_a_proof(provider, as_):
    ana = UserFactory(username="ana")
    client = as_(ana)
    address = leave(client, "?process=connect")
    have_just_authenticated(client, ana, ago=3600)
    back = client.get(address)
    assert back.status_code == 302
    assert "reauthenticate" in back["Location"]


@pytest.mark.parametrize(
    ("issuer", "is_accepted"),
    [
        ("https://id.example.org", True),
        ("https://id.example.org:8443/realms/x", True),
        ("http://localhost:8080", True),
        ("http://127.0.0.1", True),
        ("http://localhost.evil.example", False),
        ("http://localhost@evil.example", False),
        ("https://user:word@id.example.org", False),
        ("https://", False),
        ("https://id.example.org/?x=1", False),
        ("https://id.example.org:port", False),
        ("javascript:alert(1)", False),
        ("http://id.example.org", False),
    ],
)
def test_the_issuer_is_an_address_over_tls_or_on_this_machine(issuer, is_accepted):
    assert is_issuer(issuer) == is_accepted


def test_an_account_is_not_handed_to_somebody_with_the_same_address(provider):
    UserFactory(role="owner", email="eve@example.org")
    client, back = sign_in()
    assert (back.status_code, client.get("/").status_code) == (403, 302)
    assert "An account with your address already exists" in back.content.decode()


def test_an_imported_account_is_handed_to_the_person_with_its_address(provider):
    UserFactory(role="owner")
    imported = UserFactory(email="eve@example.org", password="!")
    client, _ = sign_in()
    assert client.get("/").context["user"] == imported


def test_the_mail_about_a_connected_account_names_the_provider(
    provider, settings, mailoutbox, run_jobs, django_capture_on_commit_callbacks
):
    settings.MAIL = {"host": "mail.example.org"}
    UserFactory(role="owner")
    UserFactory(email="eve@example.org", password="!")
    with django_capture_on_commit_callbacks(execute=True):
        sign_in()
    run_jobs()
    assert "account from Work has been connected" in mailoutbox[0].body


def test_passwords_do_not_work_where_they_are_off(provider, settings):
    ana = UserFactory(username="ana", role="owner")
    ana.set_password("correct horse battery")
    ana.save()
    settings.PASSWORDS = False
    assert 'name="password"' not in Client().get("/accounts/login/").content.decode()
    client = Client()
    client.post("/accounts/login/", {"login": "ana", "password": "correct horse battery"})
    assert client.get("/").status_code == 302
    assert client.get("/accounts/password/reset/").status_code == 404


def test_unsent_text_survives_the_way_over_the_provider_if_its_author_is_known(provider):
    eve = sign_in()[0].get("/").context["user"]
    for writer, keeps in ((eve.pk, True), (None, False)):
        client, _ = sign_in(unsent=Unsent("/c/1/", writer, {"content": "typed"}).sign())
        assert client.get("/").context["user"] == eve
        assert ("unsent" in client.session) == keeps


def test_leaving_for_the_provider_with_text_counts_for_an_address(provider, monkeypatch):
    monkeypatch.setitem(limits.RATES, "begin a session", limits.Rate(2, 60))
    form = {"unsent": Unsent("/c/1/", UserFactory().pk, {"content": "words to copy"}).sign()}

    def leave_from(address):
        return Client().post("/accounts/oidc/login/", form, REMOTE_ADDR=address)

    assert [leave_from("192.0.2.1").status_code for _ in range(3)] == [200, 200, 429]
    answer = leave_from("192.0.2.1")
    assert "words to copy" in answer.content.decode()
    assert 50 < int(answer["Retry-After"]) <= 60
    assert [leave_from(f"2001:db8:1:2::{number}").status_code for number in range(3)] == [200, 200, 429]
    assert leave_from("2001:db8:1:3::1").status_code == 200
