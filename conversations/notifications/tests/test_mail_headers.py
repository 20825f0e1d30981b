"""The headers of a mail arrive as mail programs need them, whatever names people chose."""

import re
from email.policy import SMTP

import pytest

from conversations.notifications.mail.message import NotificationMail
from conversations.notifications.mail.unsubscribing import Subscription, parse
from conversations.notifications.mail.writing import write
from conversations.notifications.tests.mailing import WHY, arrived, group, text_of, written
from conversations.tests.factories import say

LONG = "chat.a-department-with-a-long-name.a-company-with-an-even-longer-name.example.org"


@pytest.fixture
def ben(world, settings):
    settings.SITE_ADDRESS = f"https://{LONG}"
    settings.DEFAULT_FROM_EMAIL = f"chatsite@{LONG}"
    return world.ben


@pytest.fixture
def plans(world, ben):
    return group(ben, world.plans, say(world.plans, world.ana, "hello @ben"))


def raw_lines(mail):
    return mail.message(policy=SMTP).as_bytes().split(b"\r\n\r\n")[0].decode("ascii").split("\r\n")


def test_a_long_link_to_unsubscribe_is_on_one_line(ben, plans):
    mail = write(ben, [plans], workspace="Harbour", why=WHY)
    [line] = [line for line in raw_lines(mail) if line.startswith("List-Unsubscribe:")]
    found = re.fullmatch(rf"List-Unsubscribe: <https://{LONG}/notifications/unsubscribe/([^/>]+)/>", line)
    assert len(line) > 150
    assert parse(found[1]) == Subscription(ben.pk, "notifications")
    assert arrived(mail)["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_mails_about_a_conversation_are_a_thread(world, ben, plans):
    mail = write(ben, [plans], workspace="Harbour", why=WHY)
    lines, message = raw_lines(mail), plans.entries[0].message
    assert f"List-ID: <notifications.{LONG}>" in lines
    thread = f"<c{world.plans.pk}.{ben.pk}@{LONG}>"
    assert f"Message-ID: <n{message.pk}.{ben.pk}@{LONG}>" in lines
    assert f"In-Reply-To: {thread}" in lines
    assert f"References: {thread}" in lines


def test_a_mail_about_several_conversations_is_of_no_thread(world, ben, plans):
    town = group(ben, world.town, say(world.town, world.ana, "hello"), reason="watch")
    mail = written(ben, town, plans)
    assert mail["References"] is mail["In-Reply-To"] is None
    assert mail["Message-ID"].startswith(f"<n{plans.entries[0].message.pk}."), "the first message"
    assert mail["Chatsite-Reason"] == "mention, watch"


def test_a_mail_says_that_a_program_wrote_it(ben, plans):
    mail = written(ben, plans)
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["X-Auto-Response-Suppress"] == "All"
    assert mail["List-ID"] == f"<notifications.{LONG}>"
    assert mail["Chatsite-Reason"] == "mention"
    assert mail.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]


@pytest.mark.parametrize(
    ("title", "subject"),
    [
        ("Überraschung für Zoë", "Überraschung für Zoë"),
        ("Fest 🎉👩‍👩‍👧 heute", "Fest 🎉👩‍👩‍👧 heute"),
        ("Bad\r\nBcc: everybody@example.org", "Bad Bcc: everybody@example.org"),
        ("two\nlines\x0band\u2028more\x00", "two lines and more"),
        ("ünïcödé " * 30, ("ünïcödé " * 30).strip()),
        ("x" * 150, "x" * 150),
    ],
)
def test_any_title_arrives_as_the_subject(world, ben, title, subject):
    world.plans.title = title
    mail = write(
        ben,
        [group(ben, world.plans, say(world.plans, world.ana, "hello"))],
        workspace=f"Hafen Ü {title}"[:50],
        why=WHY,
    )
    received = arrived(mail)
    assert received["Subject"] == subject
    assert received["Bcc"] is None
    assert received["From"].addresses[0].addr_spec == f"chatsite@{LONG}"
    assert received["From"].addresses[0].display_name.startswith("Hafen Ü")
    encoded = re.findall(r"=\?utf-8\?\S+\?=", "\n".join(raw_lines(mail)), re.IGNORECASE)
    assert all(len(word) <= 75 for word in encoded), "RFC 2047"


def test_mail_is_from_the_workspace_unless_its_sender_has_a_name(ben, plans, settings):
    assert str(written(ben, plans)["From"]) == f"Harbour <chatsite@{LONG}>"
    settings.DEFAULT_FROM_EMAIL = "The Chat <chat@example.org>"
    assert str(written(ben, plans)["From"]) == "The Chat <chat@example.org>"


@pytest.mark.parametrize("workspace", ['Ana, Ben & "Co"', "a@b.example", "Büro; <x@y.example>", "."])
def test_a_name_of_a_workspace_is_no_address(ben, plans, workspace):
    mail = written(ben, plans, workspace=workspace)
    [sender] = mail["From"].addresses
    assert (sender.display_name, sender.addr_spec) == (workspace, f"chatsite@{LONG}")


def test_a_site_with_an_international_name_has_headers_in_ascii(ben, plans, settings):
    settings.SITE_ADDRESS = "https://büro.example:8443"
    mail = write(ben, [plans], workspace="Büro", why=WHY)
    assert f"Message-ID: <n{plans.entries[0].message.pk}.{ben.pk}@xn--bro-hoa.example>" in raw_lines(mail)
    [line] = [line for line in raw_lines(mail) if line.startswith("List-Unsubscribe:")]
    assert "<https://xn--bro-hoa.example:8443/notifications/" in line


def test_a_header_of_any_length_would_be_encoded_by_python_itself(db):
    """The trap that NotificationMail avoids: without it, this test would be pointless."""
    address = f"<https://{LONG}/>"
    mail = NotificationMail("s", "b", "a@example.org", ["b@example.org"], headers={"X-Other": address})
    assert any("=?utf-8?" in line for line in raw_lines(mail))
    mail = NotificationMail("s", "b", "a@example.org", ["b@example.org"], headers={"References": address})
    assert f"References: {address}" in raw_lines(mail)


def test_umlauts_arrive_in_the_text(world, ben):
    mail = written(ben, group(ben, world.plans, say(world.plans, world.ana, "Grüße aus Köln 🎉")))
    assert "Grüße aus Köln 🎉" in text_of(mail)
