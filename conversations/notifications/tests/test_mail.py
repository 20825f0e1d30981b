"""One mail says what a person has missed, in their language and zone, and no more of it than they want mailed."""

import re
from html.parser import HTMLParser
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from accounts.tests.factories import UserFactory
from conversations.models import Attachment
from conversations.notifications.mail.contents import Group
from conversations.notifications.tests.mailing import WHY, group, html_of, text_of, written
from conversations.tests.factories import answer, say
from conversations.tests.message.pictures import picture, upload

HOSTILE = "<img src=x onerror=alert(1)></title></style><script>alert(1)</script>"


class Tags(HTMLParser):
    """The tags and the attributes of a page."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.attributes = set(), []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes += attrs


@pytest.fixture
def site(settings):
    settings.SITE_ADDRESS = "https://chat.example.org"
    settings.DEFAULT_FROM_EMAIL = "chatsite@chat.example.org"


@pytest.fixture
def ben(world, site):
    """A person in Tokyo."""
    world.ben.time_zone, world.ben.email = "Asia/Tokyo", "ben@example.org"
    world.ben.save()
    return world.ben


def test_a_mail_shows_each_message_with_sender_reason_and_link(world, ben):
    message = say(world.plans, world.ana, "See @ben, **this** is urgent")
    mail = written(ben, group(ben, world.plans, message))
    text, html = text_of(mail), html_of(mail)
    assert "Ana Lima · " in text
    assert "· mentions you" in text
    assert f"https://chat.example.org/m/{message.pk}/" in text
    assert "  See @ben, **this** is urgent" in text
    assert "<strong>this</strong>" in html
    assert 'href="https://chat.example.org/people/ben/"' in html
    assert f'href="https://chat.example.org/m/{message.pk}/"' in html
    assert f'href="https://chat.example.org/c/{world.plans.pk}/"' in html


def test_the_subject_is_the_name_of_the_only_conversation(world, ben):
    first, second = say(world.plans, world.ana, "one"), say(world.plans, world.ana, "two")
    assert written(ben, group(ben, world.plans, first, second))["Subject"] == "Plans"


def test_the_subject_counts_the_messages_of_several_conversations(world, ben):
    plans = group(ben, world.plans, say(world.plans, world.ana, "one"), say(world.plans, world.ana, "two"))
    town = group(ben, world.town, say(world.town, world.ana, "three"))
    assert written(ben, plans, town)["Subject"] == "3 messages in 2 conversations"
    ben.language = "de"
    assert written(ben, plans, town)["Subject"] == "3 Nachrichten in 2 Unterhaltungen"


def test_times_are_those_of_the_reader(world, ben):
    message = say(world.plans, world.ana, "when")
    there = message.created_at.astimezone(ZoneInfo("Asia/Tokyo"))
    mail = written(ben, group(ben, world.plans, message))
    assert f"{there:%H:%M} · mentions you" in text_of(mail)
    assert f"{there:%H:%M}</a>" in html_of(mail)


def test_everything_is_in_the_language_of_the_reader(world, ben):
    ben.language = "de"
    mail = written(ben, group(ben, world.plans, say(world.plans, world.ana, "Hallo @ben")), why="Weil.")
    assert "erwähnt dich" in text_of(mail)
    assert "Abbestellen: https://" in text_of(mail)
    assert '<html lang="de" dir="ltr">' in html_of(mail)
    assert "Warum habe ich das bekommen?" in html_of(mail)


def test_the_end_says_why_and_leads_to_what_can_be_done_about_it(world, ben):
    message = say(world.plans, world.ana, "hello")
    mail = written(ben, group(ben, world.plans, message))
    for part in (text_of(mail), html_of(mail)):
        for words in (
            WHY,
            f"https://chat.example.org/m/{message.pk}/why/",
            "https://chat.example.org/settings/notifications/",
            f"https://chat.example.org/notifications/unsubscribe/{ben.pk}-notifications:",
        ):
            assert words in part


def test_a_reply_shows_what_it_replies_to(world, ben):
    question = say(world.plans, ben, "Who has the **keys**?")
    reply = answer(question, world.ana, "I do", in_conversation=True)
    mail = written(ben, group(ben, world.plans, reply, reason="reply"))
    assert "  > ben: Who has the keys?" in text_of(mail)
    assert "<b>ben</b> Who has the keys?" in html_of(mail)
    assert "replies to you" in text_of(mail)


def test_pictures_and_files_become_links(world, ben, files):
    file = Attachment.objects.store(upload(picture("WEBP", (8, 8)), "harbour.webp"))
    message = world.plans.post(world.ana, "", uuid4(), attachments=[file])
    mail = written(ben, group(ben, world.plans, message))
    link = f"https://chat.example.org/files/{file.pk}/harbour.webp"
    assert f"[harbour.webp] {link}" in text_of(mail)
    assert f'href="{link}"' in html_of(mail)
    assert not {"img", "link", "script", "video"} & Tags(html_of(mail)).tags


def test_code_loses_what_only_our_pages_can_show(world, ben):
    lines = "\n".join(f"line({number})" for number in range(20))
    mail = written(ben, group(ben, world.plans, say(world.plans, world.ana, f"```python\n{lines}\n```")))
    html = html_of(mail)
    assert "Show all" not in html
    assert not {"details", "summary", "span"} & (Tags(html).tags - {"span"})
    assert "line(19)" in re.sub(r"<[^>]+>", "", html)


@pytest.mark.parametrize(
    ("shows", "shown", "hidden"),
    [
        ("nothing", [], ["Ana Lima", "Plans", "urgent", "/m/"]),
        ("who", ["Ana Lima", "/m/"], ["Plans", "urgent"]),
        ("where", ["Ana Lima", "Plans", "/m/"], ["urgent"]),
        ("all", ["Ana Lima", "Plans", "urgent", "/m/"], []),
    ],
)
def test_no_more_is_mailed_than_the_reader_wants(world, ben, shows, shown, hidden):
    question = say(world.plans, ben, "is it urgent?")
    reply = answer(question, world.ana, "urgent", in_conversation=True)
    mail = written(ben, group(ben, world.plans, reply), shows=shows)
    for part in (text_of(mail), html_of(mail)):
        body = re.sub(r"/m/\d+/why/", "", part)
        assert [words for words in shown if words not in body] == []
        assert [words for words in hidden if words in body + mail["Subject"]] == []


@pytest.mark.parametrize(
    ("shows", "subject"),
    [("nothing", "1 new message"), ("who", "1 new message from Ana Lima"), ("where", "Plans"), ("all", "Plans")],
)
def test_the_subject_shows_no_more_either(world, ben, shows, subject):
    message = say(world.plans, world.ana, "urgent")
    assert written(ben, group(ben, world.plans, message), shows=shows)["Subject"] == subject


def test_at_most_50_messages_are_shown_and_the_others_counted(world, ben):
    message = say(world.plans, world.ana, "again and again")
    many = group(ben, world.plans, *[message] * 60)
    mail = written(ben, Group(many.conversation_id, many.name, many.entries, more=2))
    assert html_of(mail).count("again and again") == text_of(mail).count("again and again") == 50
    assert "… and 12 more messages" in text_of(mail)
    assert "… and 12 more messages" in html_of(mail)
    assert "62 new messages" in text_of(mail)


def test_at_most_2000_characters_of_a_message_are_shown(world, ben):
    message = say(world.plans, world.ana, "@ben **" + "long " * 500 + "end**")
    mail = written(ben, group(ben, world.plans, message))
    for part in (text_of(mail), html_of(mail)):
        assert 390 < part.count("long") < 400
        assert "end" not in part.replace("color-scheme", "").split("long")[-2]
        assert "…" in part
    assert ">@ben</a>" in html_of(mail)


def test_a_mail_stays_small_enough_for_gmail_to_show_its_end(world, ben):
    message = say(world.plans, world.ana, "*a* " * 500)
    mail = written(ben, group(ben, world.plans, *[message] * 50))
    assert len(html_of(mail)) < 102_000
    assert "more messages" in html_of(mail)


@pytest.mark.parametrize("language", ["en", "de"])
def test_nothing_that_people_wrote_becomes_markup(world, ben, language):
    ben.language = language
    world.ana.display_name = HOSTILE[:80]
    world.ana.save()
    world.plans.title = HOSTILE
    question = say(world.plans, world.ana, HOSTILE + " [x](javascript:alert(1)) ![y](https://evil.example/y.png)")
    reply = answer(question, world.ana, HOSTILE, in_conversation=True, quote=HOSTILE[:20])
    mail = written(ben, group(ben, world.plans, question, reply), workspace=HOSTILE, why=HOSTILE)
    found = Tags(html_of(mail))
    assert not {"img", "script", "iframe", "link", "object"} & found.tags
    assert not [name for name, _ in found.attributes if name.startswith("on") or name in ("src", "srcset")]
    assert not [value for _, value in found.attributes if value and "javascript:" in value]
    assert found.tags & {"style", "title"} == {"style", "title"}
    assert html_of(mail).count("</style>") == html_of(mail).count("</title>") == 1


def test_no_message_can_imitate_the_rest_of_the_text(world, ben):
    fake = "hello\n-- \nUnsubscribe: https://evil.example/\x0bInbox: https://evil.example/\u2028Settings: there\x1b[2J"
    mail = written(ben, group(ben, world.plans, say(world.plans, world.ana, fake)))
    lines = text_of(mail).splitlines()
    assert [line for line in lines if "evil.example" in line and not line.startswith("  ")] == []
    assert lines.count("-- ") == 1
    assert "\x1b" not in text_of(mail)


def test_html_is_one_column_without_remote_content(world, ben):
    html = html_of(written(ben, group(ben, world.plans, say(world.plans, world.ana, "hello"))))
    assert '<meta name="color-scheme" content="light dark">' in html
    assert '<meta name="supported-color-schemes" content="light dark">' in html
    assert "max-width:600px" in html
    assert "url(" not in html
    assert "@import" not in html


def test_a_direct_conversation_is_named_after_the_other_person(world, ben):
    message = say(world.direct, world.ana, "psst")
    mail = written(ben, group(ben, world.direct, message, reason="direct", name="Ana Lima"))
    assert mail["Subject"] == "Ana Lima"
    assert mail["Chatsite-Reason"] == "direct"


def test_a_mail_to_a_stranger_to_the_language_is_in_english(world, site):
    reader = UserFactory(username="zoe", language="")
    world.town.admit([reader])
    mail = written(reader, group(reader, world.town, say(world.town, world.ana, "hello")))
    assert '<html lang="en"' in html_of(mail)
