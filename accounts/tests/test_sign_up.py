"""Signing up, in and out."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client

from accounts.models import User, Workspace
from accounts.sign_up_flow import sign_up_form
from conversations.text.mentions import GROUPS

FORM = {"username": "ana", "email": "ana@example.org", "password": "correct horse battery", "time_zone": ""}
FORM |= {"workspace_name": "Our workspace", "display_name": "Somebody New"}


def open_sign_up():
    Workspace.objects.current().change(None, sign_up=Workspace.SignUp.OPEN)


def sign_up(client=None, **fields):
    return (client or Client()).post("/accounts/signup/", FORM | fields)


@pytest.mark.django_db
def test_the_first_account_becomes_the_owner_and_the_second_does_not(client):
    assert "It becomes the owner of this workspace" in client.get("/accounts/signup/").content.decode()
    assert sign_up(client)["Location"] == "/"
    assert client.get("/").status_code == 200, "signing up also signs in"
    assert Workspace.objects.current().name == "Our workspace"
    open_sign_up()
    sign_up(username="ben", email="ben@example.org")
    roles = dict(User.objects.values_list("username", "role"))
    assert roles == {"ana": "owner", "ben": "member"}
    assert "becomes the owner" not in Client().get("/accounts/signup/").content.decode()


@pytest.mark.django_db
def test_a_visitor_does_not_replace_a_deactivated_owner():
    User.objects.create(username="gone", email="g@example.org", password="md5$x$y", role="owner", is_active=False)
    open_sign_up()
    sign_up(username="ben", email="ben@example.org")
    assert User.objects.get(username="ben").role == User.Role.MEMBER


@pytest.mark.django_db
def test_an_imported_person_with_a_password_is_not_the_first_account():
    User.objects.create(username="imported", email="i@example.org", origin="slack:U1", password="md5$x$y")
    sign_up()
    assert User.objects.get(username="ana").role == User.Role.OWNER


@pytest.mark.django_db(transaction=True)
def test_only_one_of_several_simultaneous_first_visitors_becomes_the_owner():
    open_sign_up()

    def visit(number):
        try:
            sign_up(username=f"person{number}", email=f"person{number}@example.org")
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(visit, range(6)))
    assert User.objects.count() == 6
    assert User.objects.filter(role=User.Role.OWNER).count() == 1


@pytest.mark.parametrize("name", sorted(GROUPS))
@pytest.mark.django_db
def test_user_names_that_mention_groups_are_reserved(name):
    answer = sign_up(username=name)
    assert answer.status_code == 422
    assert "This name is reserved for mentioning groups." in answer.content.decode()
    assert User.objects.free_username(name) == f"{name}2"


@pytest.mark.django_db(transaction=True)
def test_only_one_of_several_simultaneous_visitors_gets_a_user_name():
    open_sign_up()

    def visit(number):
        try:
            return sign_up(email=f"person{number}@example.org")
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(visit, range(6)))
    assert sorted(answer.status_code for answer in answers) == [302] + [422] * 5
    assert all(
        "taken" in answer.content.decode() or "took" in answer.content.decode()
        for answer in answers
        if answer.status_code == 422
    )


@pytest.mark.django_db(transaction=True)
def test_of_six_first_sign_ups_at_once_one_becomes_the_owner_and_the_others_are_refused(monkeypatch):
    """All six pass the first check, as if they had asked at the same moment."""
    ready = Barrier(6)

    def wait(*arguments, **options):
        ready.wait(30)
        return sign_up_form(*arguments, **options)

    def visit(number):
        try:
            return sign_up(username=f"person{number}", email=f"person{number}@example.org").status_code
        finally:
            connection.close()

    monkeypatch.setattr("accounts.views.sign_up.sign_up_form", wait)
    with ThreadPoolExecutor(6) as pool:
        statuses = list(pool.map(visit, range(6)))
    assert sorted(statuses) == [302] + [403] * 5
    assert [person.role for person in User.objects.all()] == ["owner"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"username": "ANA"}, "is taken"),
        ({"email": "Ana@Example.org", "username": "other"}, "is taken"),
        ({"username": "a b"}, "Use a–z, 0–9 and . - _ only."),
        ({"username": "x" * 51}, "at most 50 characters"),
        ({"display_name": ""}, "This field is required"),
        ({"email": "nowhere"}, "Enter a valid email address"),
        ({"password": "short"}, "too short"),
        ({"password": "password1"}, "too common"),
        ({"password": "mallory-smith", "username": "mallory-smith"}, "too similar"),
    ],
)
def test_an_invalid_form_is_shown_again_with_the_reason(fields, error):
    sign_up()
    open_sign_up()
    answer = sign_up(**{"username": "ben", "email": "ben@example.org"} | fields)
    page = answer.content.decode()
    assert error in page
    assert User.objects.count() == 1
    assert f'value="{fields.get("email", "ben@example.org").lower()}"' in page.lower(), "what was typed is shown again"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("sent", "stored"), [("Europe/Amsterdam", "Europe/Amsterdam"), ("", "UTC"), ("../etc/passwd", "UTC")]
)
def test_the_browsers_time_zone_is_stored_if_it_is_valid(sent, stored):
    sign_up(time_zone=sent)
    assert User.objects.get().time_zone == stored


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["ana", "Ana", "ana@example.org", "ANA@Example.org"])
def test_people_sign_in_by_name_or_address_in_any_case_and_out_again(name):
    sign_up()
    client = Client()
    wrong = client.post("/accounts/login/", {"login": "ana", "password": "wrong"})
    assert "Wrong user name or password" in wrong.content.decode()
    answer = client.post("/accounts/login/", {"login": name, "password": FORM["password"], "next": "/c/browse/"})
    assert answer["Location"] == "/c/browse/"
    assert client.get("/accounts/login/")["Location"] == "/"
    assert client.get("/accounts/signup/")["Location"] == "/"
    assert client.get("/accounts/logout/").status_code == 200, "a link does not sign out"
    assert client.get("/").status_code == 200
    assert client.post("/accounts/logout/")["Location"] == "/accounts/login/"
    assert client.get("/").status_code == 302


@pytest.mark.django_db
@pytest.mark.parametrize("name", [" ANA", "ana\t", "\u00a0ana\u00a0", "Ana+Chat@Example.org ", "ANA+CHAT@example.ORG"])
@pytest.mark.parametrize("password", ["пароль и 密码 ñ", "  correct horse battery  ", "e\u0301t\u00e9 o\u0308ffnet"])
def test_blanks_around_a_name_and_any_script_in_a_password_are_no_obstacle(name, password):
    sign_up(email="ana+chat@example.org", password=password)
    client = Client()
    answer = client.post("/accounts/login/", {"login": name, "password": password, "next": "/c/browse/"})
    assert answer["Location"] == "/c/browse/"


@pytest.mark.django_db
def test_signing_in_never_redirects_to_another_site():
    sign_up()
    data = {"login": "ana", "password": FORM["password"], "next": "https://elsewhere.example/"}
    assert Client().post("/accounts/login/", data)["Location"] == "/"


@pytest.mark.django_db
def test_passwords_are_hashed_with_argon2(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    sign_up()
    assert User.objects.get().password.startswith("argon2$argon2id$")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "typed", "username"),
    [
        ("Ana Lima", "", "ana.lima2"),
        ("Ana Lima", "ana.lima", "ana.lima2"),  # as the browser derives it
        ("Ana Lima", "lima", "lima"),
        ("Юрий", "", "iurii"),
        ("李雷", "", "li.lei"),  # from the address
    ],
)
def test_the_user_name_comes_from_the_name_and_is_unique(name, typed, username):
    sign_up(display_name="Ana Lima", username="")
    assert User.objects.get().username == "ana.lima"
    open_sign_up()
    assert sign_up(display_name=name, username=typed, email="li.lei@example.org").status_code == 302
    person = User.objects.get(email="li.lei@example.org")
    assert (person.username, person.display_name) == (username, name)


@pytest.mark.django_db
def test_the_name_is_asked_first_and_the_password_never_comes_back():
    form = Client().get("/accounts/signup/").context["form"]
    assert [field.name for field in form.visible_fields()][:1] == ["display_name"]
    answer = sign_up(email="nowhere", password="correct horse battery")
    assert answer.status_code == 422
    assert "correct horse battery" not in answer.content.decode()


@pytest.mark.django_db
def test_an_empty_installation_leads_to_signing_up(client):
    assert client.get("/", follow=True).redirect_chain[-1][0] == "/accounts/signup/"
    sign_up()
    assert client.get("/", follow=True).redirect_chain[-1][0].startswith("/accounts/login/")
