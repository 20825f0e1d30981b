"""Visits: on which devices people are signed in, for how long, and what ends a visit."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.test import Client

from accounts.models.visit import BEGAN
from accounts.tests.factories import UserFactory

PASSWORD = "correct horse battery"
DAY = 24 * 60 * 60

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana(db):
    ana = UserFactory(username="ana")
    ana.set_password(PASSWORD)
    ana.save()
    return ana


def sign_in(browser="Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", password=PASSWORD):
    client = Client(HTTP_USER_AGENT=browser)
    assert client.post("/accounts/login/", {"login": "ana", "password": password}).status_code == 302
    return client


def test_signing_in_changes_the_session_id(ana):
    client = Client()
    client.post("/accounts/login/passkey/", {"begin": "yes"})
    before = client.cookies["sessionid"].value
    client.post("/accounts/login/", {"login": "ana", "password": PASSWORD})
    assert client.cookies["sessionid"].value != before
    assert not Session.objects.filter(session_key=before).exists()


def test_the_session_cookie_is_http_only_and_same_site(ana, settings):
    cookie = sign_in().cookies["sessionid"]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", 30 * DAY)


def test_a_visit_ends_after_180_days_even_if_active(ana):
    client = sign_in()
    session = client.session
    session[BEGAN] = int(time.time()) - 180 * DAY - 1
    session.save()
    assert client.get("/").status_code == 302


def test_people_see_their_devices_and_sign_out_one_or_all_others(ana):
    here, phone, lost = (
        sign_in(),
        sign_in("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) Version/18.0 Safari/604.1"),
        sign_in("x"),
    )
    page = here.get("/accounts/devices/").content.decode()
    assert "Firefox on Linux" in page
    assert "Safari on iPhone" in page
    listed = UserSession.objects.get(session_key=phone.session.session_key)
    here.post(f"/accounts/devices/{listed.pk}/end/")
    assert [client.get("/").status_code for client in (here, phone, lost)] == [200, 302, 200]
    here.post("/accounts/devices/")
    assert [client.get("/").status_code for client in (here, phone, lost)] == [200, 302, 302]


def test_people_cannot_sign_out_the_devices_of_others(ana, as_):
    client = sign_in()
    listed = UserSession.objects.get(session_key=client.session.session_key)
    as_(UserFactory()).post(f"/accounts/devices/{listed.pk}/end/")
    assert client.get("/").status_code == 200


def test_changing_the_password_ends_all_other_visits(ana):
    here, there = sign_in(), sign_in()
    data = {"oldpassword": PASSWORD, "password1": "another horse battery", "password2": "another horse battery"}
    assert here.post("/accounts/password/change/", data).status_code == 302
    assert [client.get("/").status_code for client in (here, there)] == [200, 302]
    assert UserSession.objects.filter(user=ana).count() == 1
    sign_in(password="another horse battery")


def test_a_reset_link_works_once(ana, capsys):
    there = sign_in()
    call_command("reset_link", "ana")
    path = re.search(r"http://[^/]+(/\S+)", capsys.readouterr().out)[1]
    visitors = [Client(), Client()]
    forms = [visitor.get(path, follow=True).redirect_chain[-1][0] for visitor in visitors]
    new = {"password1": "another horse battery"}
    assert visitors[0].post(forms[0], new).status_code == 302
    assert visitors[0].get("/").status_code == 200, "choosing a password also signs in"
    assert there.get("/").status_code == 302
    visitors[1].post(forms[1], {"password1": "a third horse battery"})
    ana.refresh_from_db()
    assert ana.check_password("another horse battery")
    assert "This link has expired" in Client().get(path, follow=True).content.decode()


def test_changing_the_password_ends_a_sign_in_that_waits_for_the_second_factor(ana):
    secret = generate_totp_secret()
    TOTP.activate(ana, secret)
    browsers = [Client(), Client()]
    for browser in browsers:
        answer = browser.post("/accounts/login/", {"login": "ana", "password": PASSWORD})
        assert answer["Location"] == "/accounts/2fa/authenticate/"
        assert browser.get("/").status_code == 302
    assert Authenticator.objects.get().data["secret"] != secret, "a dump of the database holds no secret"
    ana.set_password("another horse battery")
    ana.save()
    browsers[0].post(
        "/accounts/2fa/authenticate/", {"code": format_hotp_value(hotp_value(secret, int(time.time()) // 30))}
    )
    assert browsers[0].get("/").status_code == 302
    fresh = Client()
    fresh.post("/accounts/login/", {"login": "ana", "password": "another horse battery"})
    assert fresh.post("/accounts/2fa/authenticate/", {"code": "000000"}).status_code == 200


def test_people_without_a_password_reauthenticate_by_code_and_can_choose_a_password(ana):
    client = sign_in()
    secret = generate_totp_secret()
    TOTP.activate(ana, secret)
    assert "Enter a code from your authenticator app" in client.get("/accounts/2fa/reauthenticate/").content.decode()
    ana.set_unusable_password()
    ana.save()
    client.force_login(ana)
    client.post("/accounts/2fa/reauthenticate/", {"code": "000000"})
    assert "<h1>Choose a password</h1>" not in client.get("/accounts/password/set/", follow=True).content.decode()
    client.post(
        "/accounts/2fa/reauthenticate/", {"code": format_hotp_value(hotp_value(secret, int(time.time()) // 30))}
    )
    assert "<h1>Choose a password</h1>" in client.get("/accounts/password/set/", follow=True).content.decode()
