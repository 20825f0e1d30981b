"""Languages: the one a person has chosen, else the one their browser asks for."""

import pytest

from accounts.models import User
from accounts.tests.factories import UserFactory

GERMAN = {"Accept-Language": "de-AT,de;q=0.9,en;q=0.5"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asked", "language"),
    [
        *(("de", "de"), ("de-CH,fr;q=0.8", "de"), ("fr,de;q=0.5", "de"), ("en;q=0.5,DE-at;q=0.6", "de")),
        *(("en-GB,de;q=0.9", "en"), ("fr", "en"), ("", "en"), ("*", "en"), ("x" * 5000, "en")),
    ],
)
def test_visitors_get_the_language_their_browser_asks_for(client, asked, language):
    UserFactory()  # without anybody, the page leads to signing up
    answer = client.get("/accounts/login/", headers={"Accept-Language": asked})
    assert answer["Content-Language"] == language
    assert "Accept-Language" in answer["Vary"]
    page = answer.content.decode()
    assert f'<html lang="{language}" dir="ltr">' in page
    assert ("Benutzername oder E-Mail-Adresse" in page) == (language == "de")
    assert ("User name or e-mail address" in page) == (language == "en")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("chosen", "asked", "language"),
    [("de", "en", "de"), ("en", "de", "en"), ("", "de", "de"), ("", "en", "en"), ("gone", "de", "de")],
)
def test_the_chosen_language_takes_precedence_over_the_browser(as_, chosen, asked, language):
    answer = as_(UserFactory(language=chosen)).get("/", headers={"Accept-Language": asked})
    assert answer["Content-Language"] == language
    assert ("Posteingang" if language == "de" else "Inbox") in answer.content.decode()


@pytest.mark.django_db
def test_people_choose_a_language_by_its_own_name(as_):
    ana = UserFactory(username="ana")
    client = as_(ana)
    assert '<option value="de">Deutsch</option>' in client.get("/settings/profile/").content.decode()
    answer = client.post("/settings/profile/", {"time_zone": "UTC", "language": "de"}, follow=True)
    assert "Profil gespeichert." in answer.content.decode()
    assert '<option value="de" selected>Deutsch</option>' in answer.content.decode()
    assert client.post("/settings/profile/", {"time_zone": "UTC", "language": "tlh"}).status_code == 422
    assert User.objects.get(pk=ana.pk).language == "de"


@pytest.mark.django_db
def test_errors_are_in_the_language_of_the_reader(client, as_):
    assert "Seite nicht gefunden" in client.get("/nothing/", headers=GERMAN).content.decode()
    client = as_(UserFactory(language="de"))
    assert (
        "Nur die Leitung und Admins sehen, welche E-Mails nicht zugestellt werden konnten."
        in client.get("/settings/workspace/").content.decode()
    )
    answer = client.post("/settings/profile/", {"time_zone": "Mars"})
    assert "Bitte eine gültige Auswahl treffen" in answer.content.decode(), "Django's own errors too"


@pytest.mark.django_db
def test_the_language_of_a_request_does_not_affect_the_next(client):
    UserFactory()
    for headers, title in ((GERMAN, "Anmelden"), ({}, "Sign in"), (GERMAN, "Anmelden"), ({}, "Sign in")):
        assert f"<title>{title} " in client.get("/accounts/login/", headers=headers).content.decode()


@pytest.mark.django_db
def test_responses_other_than_pages_name_no_language(client):
    answer = client.get("/healthz")
    assert "Content-Language" not in answer
    assert "Accept-Language" not in answer.get("Vary", "")
