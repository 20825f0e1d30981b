"""Mail is sent by jobs that get only ids; owners and admins see mail that could not be delivered."""

import re
from smtplib import SMTPRecipientsRefused

import pytest
from allauth.account.models import EmailAddress
from django.core.mail import EmailMessage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.mail import send_later, send_mail
from accounts.models import Workspace
from accounts.tests.factories import UserFactory
from chatsite.jobs.models import Job, JobError

PASSWORD = "correct horse battery"
REASON = "550 there is no such person here"


@pytest.fixture
def ana(db, settings):
    settings.MAIL = {"host": "mail.example.org"}
    ana = UserFactory(username="ana", email="ana@example.org")
    ana.set_password(PASSWORD)
    ana.save()
    return ana


@pytest.fixture
def post(django_capture_on_commit_callbacks, run_jobs):
    """Post a form, and store the jobs that it enqueues."""

    def send(client, address, **fields):
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(address, fields)

    return send


def links_in(text):
    return re.findall(r"http://\S+?(/\S+)", text)


def test_a_reset_link_is_made_when_the_mail_is_sent(ana, post, mailoutbox, run_jobs):
    page = post(Client(), "/accounts/password/reset/", email="ANA@example.org")
    assert "is being sent" in Client().get(page.url).content.decode()
    [job] = Job.objects.all()
    assert job.options == {"kind": "password reset", "language": "en", "address": "ana@example.org"}
    assert not mailoutbox
    run_jobs()
    [mail] = mailoutbox
    assert mail.to == ["ana@example.org"]
    [link] = links_in(mail.body)
    assert "Choose" in Client().get(link, follow=True).content.decode()


def test_an_unknown_address_enqueues_as_much_as_a_known_one_but_sends_nothing(ana, post, mailoutbox, run_jobs):
    post(Client(), "/accounts/password/reset/", email="nobody@example.org")
    assert [job.options["address"] for job in Job.objects.all()] == ["nobody@example.org"]
    run_jobs()
    assert not mailoutbox


@pytest.mark.parametrize("host", ["chat.example.org:6666", "chat.example.org.:6666", "chat.example.org:80:6666"])
def test_another_port_in_host_is_refused_and_leads_no_link_astray(ana, settings, mailoutbox, run_jobs, post, host):
    settings.SITE_URL = settings.SITE_ADDRESS = "https://chat.example.org"
    settings.ALLOWED_HOSTS = ["chat.example.org"]
    assert post(Client(HTTP_HOST=host), "/accounts/password/reset/", email="ana@example.org").status_code == 400
    assert post(Client(HTTP_HOST="chat.example.org."), "/accounts/password/reset/", email="ana@example.org").url
    run_jobs()
    [mail] = mailoutbox
    assert re.findall(r"https?://[^/\s]+", mail.body) == ["https://chat.example.org"]


@pytest.mark.parametrize("path", ["/accounts/password/reset/", "/join/"])
def test_known_and_unknown_addresses_take_the_same_statements(ana, path, run_jobs):
    Workspace.objects.current().change(None, sign_up="domains", domains=["example.org"])
    counts = []
    for email in ("warm@example.org", "ana@example.org", "nobody@example.org"):
        with CaptureQueriesContext(connection) as queries:
            Client().post(path, {"email": email})
        counts.append([each["sql"].split()[0] for each in queries])
    assert counts[1] == counts[2]


def test_a_link_to_confirm_an_address_is_made_when_the_mail_is_sent(ana, post, mailoutbox, run_jobs):
    client = Client()
    post(client, "/accounts/login/", login="ana", password=PASSWORD)
    post(client, "/accounts/reauthenticate/", password=PASSWORD)
    post(client, "/accounts/email/", email="new@example.org", action_add="")
    page = client.get("/accounts/email/").content.decode()
    assert "A link to confirm new@example.org is being sent." in page
    assert "A link is being sent to new@example.org." in page
    address = EmailAddress.objects.get(email="new@example.org")
    [job] = Job.objects.all()
    assert job.options == {"kind": "address confirmation", "language": "en", "address": address.pk, "is_new": False}
    run_jobs()
    assert mailoutbox[0].to == ["new@example.org"]
    assert len(links_in(mailoutbox[0].body)) == 1
    address.verified = True
    address.save()
    send_mail.call(**job.options)
    assert len(mailoutbox) == 1, "it is confirmed by now"


def test_the_notice_of_a_changed_password_names_the_visit_that_changed_it(ana, post, mailoutbox, run_jobs):
    client = Client(REMOTE_ADDR="192.0.2.7", HTTP_USER_AGENT="Lynx")
    post(client, "/accounts/login/", login="ana", password=PASSWORD)
    new = "another horse battery"
    post(client, "/accounts/password/change/", oldpassword=PASSWORD, password1=new, password2=new)
    [job] = Job.objects.all()
    assert not {"192.0.2.7", "Lynx", PASSWORD, new} & set(map(str, job.options.values()))
    run_jobs()
    assert mailoutbox[0].to == ["ana@example.org"]
    assert "Your password has been changed" in mailoutbox[0].body
    assert "192.0.2.7" in mailoutbox[0].body
    assert "Lynx" in mailoutbox[0].body


def test_the_notice_of_a_reset_password_names_the_browser_that_reset_it(ana, post, mailoutbox, run_jobs):
    client = Client(REMOTE_ADDR="192.0.2.7", HTTP_USER_AGENT="Lynx")
    answer = client.get(ana.make_reset_link(None), follow=True)
    new = "another horse battery"
    post(client, answer.request["PATH_INFO"], password1=new, password2=new)
    run_jobs()
    assert "192.0.2.7" in mailoutbox[-1].body
    assert "Lynx" in mailoutbox[-1].body


@pytest.mark.parametrize("language", ["en", "de"])
def test_a_mail_is_in_the_language_of_the_page(ana, post, mailoutbox, run_jobs, language):
    post(Client(HTTP_ACCEPT_LANGUAGE=language), "/accounts/password/reset/", email="ana@example.org")
    run_jobs()
    assert ("Zurücksetzung des Passwortes" in mailoutbox[0].body) == (language == "de")


def test_without_mail_nothing_is_enqueued(ana, settings, run_jobs, django_capture_on_commit_callbacks):
    settings.MAIL = None
    with django_capture_on_commit_callbacks(execute=True):
        send_later("password reset", user=ana.pk)
    assert not Job.objects.exists()


@pytest.fixture
def refused(ana, post, run_jobs, monkeypatch):
    """A mail that the mail server refuses."""

    def refuse(message, *arguments, **options):
        raise SMTPRecipientsRefused({"ana@example.org": (550, REASON.encode())})

    monkeypatch.setattr(EmailMessage, "send", refuse)
    post(Client(), "/accounts/password/reset/", email="ana@example.org")
    with pytest.raises(SMTPRecipientsRefused) as error:
        run_jobs()
    job = Job.objects.get()
    JobError.objects.store(job.pk, error.value)
    return job


@pytest.mark.parametrize("role", ["owner", "admin"])
def test_owners_and_admins_see_undelivered_mail_with_the_reason(refused, as_, role):
    page = as_(UserFactory(role=role)).get("/settings/workspace/").content.decode()
    for words in ("ana@example.org", "Password Reset Email", REASON, "Will be tried again"):
        assert words in page
    assert ("Who may sign up" in page) == (role == "owner")
    assert not re.search(r"/password/reset/key/", page), "no link is shown"
    Job.objects.update(status="failed")
    assert "Given up" in as_(UserFactory(role=role)).get("/settings/workspace/").content.decode()


def test_a_mail_that_cannot_be_written_is_shown_beside_the_others(refused, as_, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        send_later("farewell", user=1)
    JobError.objects.store(Job.objects.latest("pk").pk, KeyError("farewell"))
    page = as_(UserFactory(role="admin")).get("/settings/workspace/")
    assert page.status_code == 200
    assert REASON in page.content.decode()
    assert "KeyError" in page.content.decode()


@pytest.mark.parametrize("role", ["member", "guest"])
def test_nobody_else_sees_it(refused, as_, role):
    assert as_(UserFactory(role=role)).get("/settings/workspace/").status_code == 403


def test_the_page_says_so_if_all_mail_was_delivered(ana, as_):
    assert "was delivered" in as_(UserFactory(role="owner")).get("/settings/workspace/").content.decode()
