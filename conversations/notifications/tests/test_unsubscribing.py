"""A link in a mail unsubscribes from its kind of mail, without an account, and is good for nothing else."""

import re

import pytest
from django.core.signing import Signer
from django.test import Client
from django.urls import reverse

from conversations.notifications.mail.unsubscribing import DIGEST, NOTIFICATIONS, parse, token_for
from conversations.notifications.models import NotificationSettings


@pytest.fixture
def stopped(world):
    """Return what has been unsubscribed from, by the names of people."""
    for person in (world.ben, world.olga):
        NotificationSettings.objects.of(person).change(person, digest="daily")

    def read():
        chosen = NotificationSettings.objects.select_related("user")
        mail = [(each.user.username, NOTIFICATIONS) for each in chosen if each.mail_off]
        return mail + [(each.user.username, DIGEST) for each in chosen if each.digest == "off"]

    return read


@pytest.fixture
def visitor():
    """A browser without cookies, whose posts are checked as those of all browsers."""
    return Client(enforce_csrf_checks=True)


def address(person, kind=NOTIFICATIONS):
    return reverse("unsubscribe", args=[token_for(person.pk, kind)])


@pytest.mark.parametrize("kind", [NOTIFICATIONS, DIGEST])
def test_a_token_names_a_person_and_a_kind_of_mail(kind):
    assert parse(token_for(7, kind)) == (7, kind)


@pytest.mark.parametrize(
    "token",
    [
        "",
        "7-notifications",
        "7-notifications:x",
        token_for(7, NOTIFICATIONS).replace("7", "8", 1),
        token_for(7, NOTIFICATIONS).replace("notifications", "digest"),
        Signer(salt="something else").sign("7-notifications"),
        Signer().sign("7-notifications"),
    ],
)
def test_no_other_token_is_accepted(visitor, db, token):
    assert parse(token) is None
    if token:
        assert visitor.get(f"/notifications/unsubscribe/{token}/").status_code == 404
        assert visitor.post(f"/notifications/unsubscribe/{token}/").status_code == 404


def test_opening_the_link_changes_nothing(world, visitor, stopped):
    page = visitor.get(address(world.ben))
    assert page.status_code == 200
    assert '<form method="post">' in page.content.decode()
    assert not stopped()
    assert not page.cookies


def test_the_button_of_a_mail_program_unsubscribes(world, visitor, stopped):
    answer = visitor.post(address(world.ben), {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert stopped() == [("ben", "notifications")]
    assert not answer.cookies


def test_the_button_of_the_page_unsubscribes_and_leads_to_the_settings(world, visitor, stopped):
    answer = visitor.post(address(world.ben, DIGEST))
    assert stopped() == [("ben", "digest")]
    assert "sends you no more digests" in answer.content.decode()
    assert re.search(r'href="[^"]*/settings/notifications/"', answer.content.decode())


def test_each_kind_is_named(world, visitor, stopped):
    assert "mail about new messages" in visitor.get(address(world.ben)).content.decode()
    assert "digests" in visitor.get(address(world.ben, DIGEST)).content.decode()


def test_the_page_is_in_the_language_of_the_mail(world, visitor, stopped):
    world.ben.language = "de"
    world.ben.save()
    page = visitor.get(address(world.ben)).content.decode()
    assert '<html lang="de"' in page
    assert "Abbestellen" in page


def test_a_person_whose_account_was_removed_is_unsubscribed_already(world, visitor, stopped):
    link = address(world.olga)
    world.olga.delete()
    assert visitor.post(link).status_code == 200
    assert not stopped()
