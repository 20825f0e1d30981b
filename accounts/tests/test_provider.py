"""Signing in at an OpenID Connect provider: a real one, on this machine."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
import pytest
from django.test import Client

from accounts.models import User, Workspace
from accounts.tests.factories import UserFactory

KEY = "a key that only the provider knows, and never shows"


class Provider(ThreadingHTTPServer):
    """A provider that knows one person, who says yes to everything."""

    person = {"sub": "4711", "email": "eve@example.org", "email_verified": True, "name": "Eve Adams"}

    @property
    def issuer(self):
        return f"http://localhost:{self.server_port}"


class Answer(BaseHTTPRequestHandler):
    def do_GET(self):
        issuer = self.server.issuer
        if self.path == "/userinfo":
            return self.say(self.server.person)
        names = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")
        endpoints = {name: f"{issuer}/{name.partition('_')[0]}" for name in names}
        return self.say({"issuer": issuer} | endpoints)

    def do_POST(self):
        asked = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        assert asked["code"] == ["a-code"]
        assert asked["code_verifier"], "proof of who began"
        now = int(time.time())
        claims = self.server.person | {"iss": self.server.issuer, "aud": "chatsite", "iat": now, "exp": now + 60}
        self.say({"access_token": "x", "token_type": "Bearer", "id_token": jwt.encode(claims, KEY)})

    def say(self, what):
        body = json.dumps(what).encode()
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


def sign_in():
    """Go to the provider and come back: the browser, and where it lands."""
    client = Client()
    assert "Sign in with Work" in client.get("/accounts/login/").content.decode()
    assert client.get("/accounts/oidc/login/")["Location"] == "/accounts/login/", "a link begins nothing"
    page = client.post("/accounts/oidc/login/")
    asked = parse_qs(urlsplit(page.context["address"]).query)
    assert page.headers["Content-Security-Policy"].count("form-action 'self';") == 1
    back = client.get(f"/accounts/oidc/login/callback/?{urlencode({'code': 'a-code', 'state': asked['state'][0]})}")
    return client, back


def test_the_first_one_becomes_the_owner_and_comes_back_as_the_same(provider):
    client, back = sign_in()
    assert back["Location"] == "/"
    assert client.get("/").status_code == 200
    eve = User.objects.get()
    assert (eve.username, eve.name, eve.role, eve.has_usable_password()) == ("eve", "Eve Adams", "owner", False)
    sign_in()
    assert User.objects.count() == 1


@pytest.mark.parametrize(("rule", "enters"), [({}, False), ({"sign_up": "open"}, True), ({"sign_up": "domains"}, True)])
def test_a_provider_lets_in_whom_the_place_lets_in(provider, rule, enters):
    UserFactory(role="owner")
    Workspace.objects.current().change(None, domains=["example.org"], **rule)
    sign_in()
    assert User.objects.filter(email="eve@example.org").exists() == enters


def test_an_unverified_address_is_no_way_in_by_its_domain(provider):
    UserFactory(role="owner")
    Workspace.objects.current().change(None, sign_up="domains", domains=["example.org"])
    provider.person = provider.person | {"email_verified": False}
    sign_in()
    assert not User.objects.filter(email="eve@example.org").exists()


def test_somebody_elses_account_is_not_given_away_for_its_address(provider):
    UserFactory(role="owner", email="eve@example.org")
    client, back = sign_in()
    assert (back.status_code, client.get("/").status_code) == (403, 302)
    assert "An account with your address already exists" in back.content.decode()


def test_an_imported_account_becomes_theirs_whose_address_it_has(provider):
    UserFactory(role="owner")
    imported = UserFactory(email="eve@example.org", password="!")
    client, _ = sign_in()
    assert client.get("/").context["user"] == imported


def test_with_passwords_off_there_is_no_way_by_one(provider, settings):
    ana = UserFactory(username="ana", role="owner")
    ana.set_password("correct horse battery")
    ana.save()
    settings.PASSWORDS = False
    assert 'name="password"' not in Client().get("/accounts/login/").content.decode()
    client = Client()
    client.post("/accounts/login/", {"login": "ana", "password": "correct horse battery"})
    assert client.get("/").status_code == 302
    assert client.get("/accounts/password/reset/").status_code == 404
