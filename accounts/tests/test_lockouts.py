"""Wrong passwords lock an account for strangers, not for its person; owners see who is locked out, and lift it."""

from ipaddress import ip_network

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client

from accounts.known_browsers import COOKIE
from accounts.models import Audit, Limit, NotAllowed
from accounts.models.limits import RATES, Rate, take_by_address, take_by_key
from accounts.models.lockouts import Lockout, lift
from accounts.tests.factories import UserFactory

PASSWORD = "correct horse battery"


def sign_in(client, login="ana", password=PASSWORD, address="192.0.2.1"):
    form = {"login": login, "password": password}
    return client.post("/accounts/login/", form, REMOTE_ADDR=address).status_code


def fail(times, **options):
    return [sign_in(Client(), password="wrong", **options) for _ in range(times)]


@pytest.fixture
def ana(db):
    ana = UserFactory(username="ana")
    ana.set_password(PASSWORD)
    ana.save()
    return ana


@pytest.fixture
def home(ana):
    """A browser in which Ana has signed in, and out again."""
    client = Client()
    assert sign_in(client) == 302
    client.post("/accounts/logout/")
    return client


def test_a_stranger_does_not_lock_out_a_known_browser(ana, home):
    assert fail(6) == [200] * 5 + [429]
    assert sign_in(Client(), address="198.51.100.1") == 429
    assert sign_in(home) == 302


def test_a_known_browser_counts_its_own_failures_and_no_others(ana, home):
    assert [sign_in(home, password="wrong") for _ in range(6)] == [200] * 5 + [429]
    assert sign_in(home) == 429
    assert sign_in(Client()) == 302


def test_wrong_passwords_of_somebody_at_an_open_session_do_not_lock_the_sign_in(ana, as_):
    forgotten = as_(ana)
    pages = [forgotten.post("/accounts/reauthenticate/", {"password": "wrong"}).content.decode() for _ in range(6)]
    assert ["Too many failed attempts" in page for page in pages] == [False] * 5 + [True]
    assert sign_in(Client()) == 302
    assert fail(5) == [200] * 5


def test_a_known_browser_is_known_for_its_person_alone(ana, home):
    ben = UserFactory(username="ben")
    ben.set_password(PASSWORD)
    ben.save()
    fail(5, login="ben")
    assert sign_in(home, login="ben") == 429
    home.cookies[COOKIE] = home.cookies[COOKIE].value[:-1] + "x"
    fail(5)
    assert sign_in(home) == 429, "a changed cookie is none"


def test_the_cookie_signs_nobody_in_and_is_sent_to_the_sign_in_pages_alone(home):
    cookie = home.cookies[COOKIE]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/accounts/", True, "Lax")
    assert home.get("/").status_code == 302


def test_the_right_password_is_no_failure(ana):
    assert [sign_in(Client()) for _ in range(RATES["sign in"].burst + 3)] == [302] * 8


def test_an_office_behind_one_address_is_exempted(ana, settings):
    for number in range(RATES["sign in from"].burst):
        sign_in(Client(), login=f"somebody{number}", password="wrong")
    assert sign_in(Client()) == 429
    settings.TRUSTED_NETWORKS = [ip_network("192.0.2.0/24")]
    assert sign_in(Client()) == 302
    for _ in range(RATES["sign up"].burst + 1):
        take_by_address("sign up", "192.0.2.7")


def test_the_addresses_of_one_household_count_as_one(db):
    for number in range(RATES["sign up"].burst):
        take_by_address("sign up", f"2001:db8::{number}")
    assert Limit.objects.count() == 1


def test_wrong_codes_of_a_second_factor_are_counted(ana):
    TOTP.activate(ana, generate_totp_secret())
    client = Client()
    sign_in(client)
    pages = [client.post("/accounts/2fa/authenticate/", {"code": "123456"}).content.decode() for _ in range(6)]
    assert ["Too many failed attempts" in page for page in pages] == [False] * 5 + [True]


def test_owners_see_who_is_locked_out_and_lift_it(ana, as_):
    boss = UserFactory(username="boss", role="owner")
    fail(5)
    for number in range(RATES["sign in from"].burst):
        fail(1, login=f"my password, typed by mistake {number % 4}", address="198.51.100.9")
    page = as_(boss).get("/settings/limits/").content.decode()
    assert "ana" in page
    assert "signing in, after wrong passwords" in page
    assert "198.51.100.9" in page
    assert "typed by mistake" not in page
    assert as_(boss).post("/settings/limits/lift/", {"key": f"sign in:account {ana.pk}"}).status_code == 302
    assert sign_in(Client(), address="203.0.113.1") == 302
    assert "lifted a limit" in str(Audit.objects.newest_first()[0])
    assert as_(UserFactory(role="admin")).get("/settings/limits/").status_code == 403
    with pytest.raises(NotAllowed):
        lift(UserFactory(role="admin"), "sign in:account 1")


@pytest.mark.parametrize("action", RATES)
def test_each_limit_is_listed_only_while_it_is_reached(db, action, monkeypatch):
    monkeypatch.setitem(RATES, action, Rate(3, 3600))
    boss = UserFactory(role="owner")
    for _ in range(RATES[action].burst - 1):
        take_by_key(action, boss.pk)
    assert Lockout.reached(boss) == []
    take_by_key(action, boss.pk)
    [found] = Lockout.reached(boss)
    assert found.action == action
    assert found.words != action, "it has a name"
