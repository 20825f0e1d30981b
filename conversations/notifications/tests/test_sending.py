"""Mails are sent over one connection; what goes wrong with one of them neither stops the others nor tells secrets."""

import socket

import pytest
from django.core.mail import EmailMessage

from conversations.notifications.mail import sending
from conversations.notifications.mail.sending import SENT, Outcome, State, send
from conversations.notifications.mail.writing import write
from conversations.notifications.tests.mail_server import MailServer
from conversations.notifications.tests.mailing import WHY, group, html_of, read, text_of
from conversations.tests.factories import say

SMTP = "django.core.mail.backends.smtp.EmailBackend"


@pytest.fixture
def use(settings):
    """Send all mail to a server with these options."""

    def use(options):
        settings.MAILERS = {"default": {"BACKEND": SMTP, "OPTIONS": options}}

    return use


@pytest.fixture
def server(use):
    with MailServer() as running:
        use(running.options())
        yield running


def mails(*people):
    return [EmailMessage("Plans", "hello", "chat@example.org", [f"{person}@example.org"]) for person in people]


def states(outcomes):
    return [outcome.state for outcome in outcomes]


def test_a_batch_takes_one_connection(server):
    assert send(mails("ana", "ben", "olga")) == [SENT] * 3
    assert [read(mail)["To"] for mail in server.mails] == ["ana@example.org", "ben@example.org", "olga@example.org"]
    assert server.connections == 1


def test_an_unknown_address_is_refused_and_the_next_mail_sent(server):
    assert send(mails("unknown", "ben")) == [
        Outcome(State.REFUSED, "550 5.1.1 no such person here", 550, is_address=True),
        SENT,
    ]
    assert (len(server.mails), server.connections) == (1, 1)


def test_a_busy_server_is_tried_again(server):
    assert send(mails("busy", "ben")) == [Outcome(State.AGAIN, "451 4.7.1 try again later", 451), SENT]


def test_a_refused_text_is_not_the_fault_of_the_address(server):
    assert send(mails("spam", "full", "ben")) == [
        Outcome(State.REFUSED, "554 5.7.1 looks like spam", 554),
        Outcome(State.AGAIN, "452 4.2.2 mailbox full", 452),
        SENT,
    ]


def test_a_lost_connection_is_opened_again_for_the_next_mail(server):
    assert send(mails("ana", "drop", "ben")) == [SENT, Outcome(State.AGAIN, "connection lost"), SENT]
    assert server.connections == 2


def test_a_server_that_closes_after_an_answer_is_connected_to_again(server):
    assert send(mails("ana", "closing", "ben")) == [SENT, Outcome(State.AGAIN, "421 4.3.2 closing", 421), SENT]
    assert server.connections == 2


def test_other_tests_find_their_mail_in_the_outbox(mailoutbox):
    assert send(mails("ana", "ben")) == [SENT] * 2
    assert len(mailoutbox) == 2


def test_after_two_lost_connections_the_rest_is_tried_later(server):
    assert states(send(mails("drop", "drop", "ana"))) == [State.AGAIN] * 3
    assert server.connections == 2


def test_a_server_that_hangs_is_left_after_one_time_out(server, use):
    use(server.options(timeout=0.2))
    assert send(mails("ana", "hang", "ben", "olga")) == [SENT, *[Outcome(State.AGAIN, "timed out")] * 3]
    assert server.connections == 1


def test_a_slow_server_gets_the_rest_of_a_batch_later(server, monkeypatch):
    monkeypatch.setattr(sending, "MAX_SECONDS", -1)
    assert send(mails("ana", "ben")) == [Outcome(State.AGAIN, "the mail server is slow")] * 2
    assert server.connections == 0


def test_a_host_that_does_not_exist_is_looked_up_once(use, monkeypatch):
    asked = []

    def look_up(*arguments):
        asked.append(arguments)
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    use({"host": "mail.invalid", "port": 25, "timeout": 10})
    assert send(mails("ana", "ben")) == [Outcome(State.AGAIN, "Name or service not known")] * 2
    assert len(asked) == 1


def test_a_server_that_is_down_is_asked_once(use):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    use({"host": "127.0.0.1", "port": port, "timeout": 10})
    assert send(mails("ana", "ben")) == [Outcome(State.AGAIN, "Connection refused")] * 2


def test_a_server_that_accepts_nothing_now_is_tried_again(use):
    with MailServer(greeting=b"554 5.3.2 no mail here today") as server:
        use(server.options())
        assert send(mails("ana", "ben")) == [Outcome(State.AGAIN, "554 5.3.2 no mail here today", 554)] * 2
        assert server.connections == 1


def test_a_wrong_password_is_named_without_what_the_server_repeats(server, use):
    use(server.options(username="secret-user", password="secret"))
    outcomes = send(mails("ana", "ben"))
    assert states(outcomes) == [State.AGAIN] * 2
    assert "user name or password" in outcomes[0].why
    assert "secret" not in outcomes[0].why


def test_a_mail_that_cannot_be_written_does_not_stop_the_others(server):
    broken = EmailMessage("two\nlines", "hello", "chat@example.org", ["ana@example.org"])
    nobody = EmailMessage("Plans", "hello", "chat@example.org", [])
    wrong = EmailMessage("Plans", "hello", "chat@example.org", ["a b@c@d"])
    assert states(send([broken, nobody, wrong, *mails("ben")])) == [*[State.REFUSED] * 3, State.SENT]


def test_a_notification_arrives_as_it_was_written(world, server, settings):
    settings.SITE_ADDRESS = "https://chat.a-department-with-a-long-name.example.org"
    world.plans.title = "Größe\r\nBcc: x@example.org 🎉"
    message = say(world.plans, world.ana, "Grüße @ben\n.\nund noch eine Zeile\n.")
    mail = write(world.ben, [group(world.ben, world.plans, message)], workspace="Büro Süd", why=WHY)
    assert send([mail]) == [SENT]
    received = read(server.mails[0].replace(b"\r\n..", b"\r\n."))
    assert received["Subject"] == "Größe Bcc: x@example.org 🎉"
    assert received["From"].addresses[0].display_name == "Büro Süd"
    assert received["List-Unsubscribe"].startswith("<https://chat.a-department-with-a-long-name.example.org/")
    assert (
        received["References"] == f"<c{world.plans.pk}.{world.ben.pk}@chat.a-department-with-a-long-name.example.org>"
    )
    assert "und noch eine Zeile" in text_of(received)
    assert "Grüße" in html_of(received)
