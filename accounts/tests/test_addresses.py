"""The e-mail address of an account: it is never missing, and changes only once the new one is confirmed."""

import re
from itertools import product

import pytest
from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.models import User
from accounts.tests.factories import UserFactory

PASSWORD = "correct horse battery"
ACTIONS = ["action_add", "action_remove", "action_primary", "action_send"]
ADDRESSES = ["new@example.org", "ana@example.org", "other@example.org", "", "x"]


@pytest.fixture
def ana(db):
    ana = UserFactory(username="ana", email="ana@example.org")
    ana.set_password(PASSWORD)
    ana.save()
    return ana


def signed_in():
    client = Client()
    client.post("/accounts/login/", {"login": "ana", "password": PASSWORD})
    return client


def address():
    return User.objects.get(username="ana").email


def test_the_database_refuses_an_account_without_an_address(ana):
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=ana.pk).update(email="")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(username="ben", email="")


@pytest.mark.parametrize("mail", [None, {"host": "mail.example.org"}])
@pytest.mark.parametrize("is_confirmed", [True, False])
def test_no_form_takes_the_address_away(ana, settings, mail, is_confirmed):
    settings.MAIL, settings.ACCOUNT_RATE_LIMITS = mail, False
    UserFactory(email="other@example.org")
    client = signed_in()
    EmailAddress.objects.update(verified=is_confirmed)
    for action, to in [*product(ACTIONS, ADDRESSES)] * 2:
        answer = client.post("/accounts/email/", {action: "", "email": to})
        assert answer.status_code in (200, 302), (action, to)
        assert address() == "ana@example.org", (action, to)
        assert EmailAddress.objects.filter(user=ana, email="ana@example.org").exists(), (action, to)


def test_without_mail_a_change_is_refused_with_a_reason(ana):
    page = signed_in().post("/accounts/email/", {"action_add": "", "email": "new@example.org"}).content.decode()
    assert "This site sends no mail and so can’t confirm another address" in page
    assert not EmailAddress.objects.filter(email="new@example.org").exists()


@pytest.mark.parametrize("is_confirmed", [True, False])
def test_a_new_address_counts_once_it_is_confirmed_and_the_old_one_is_told(
    ana, settings, is_confirmed, mailoutbox, run_jobs, django_capture_on_commit_callbacks
):
    settings.MAIL = {"host": "mail.example.org"}
    client = signed_in()
    EmailAddress.objects.update(verified=is_confirmed)
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/accounts/email/", {"action_add": "", "email": "new@example.org"})
    run_jobs()
    [link] = re.findall(r"http://\S+?(/\S+)", mailoutbox[-1].body)
    assert (mailoutbox[-1].to, address()) == (["new@example.org"], "ana@example.org")
    with django_capture_on_commit_callbacks(execute=True):
        client.post(link)
    assert address() == "new@example.org"
    assert list(EmailAddress.objects.values_list("email", flat=True)) == ["new@example.org"]
    run_jobs()
    assert mailoutbox[-1].to == ["ana@example.org"]


def test_the_old_address_is_told_when_an_admin_changes_it(
    ana, settings, as_, mailoutbox, run_jobs, django_capture_on_commit_callbacks
):
    settings.MAIL = {"host": "mail.example.org"}
    fields = {"username": "ana", "email": "new@example.org", "display_name": "", "time_zone": "UTC"}
    with django_capture_on_commit_callbacks(execute=True):
        as_(UserFactory(role="owner")).post(f"/admin/accounts/user/{ana.pk}/change/", fields)
    assert address() == "new@example.org"
    run_jobs()
    assert [mail.to for mail in mailoutbox] == [["ana@example.org"]]
