"""A digest says what a person has not seen, and nothing if there is nothing to say."""

from datetime import UTC, datetime

import pytest

from conversations.notifications.mail.digest import Digest, UnreadConversation, write_digest
from conversations.notifications.mail.unsubscribing import Subscription, parse
from conversations.notifications.tests.mailing import arrived, group, html_of, text_of
from conversations.tests.factories import say

NOW = datetime(2026, 11, 28, 23, 30, tzinfo=UTC)
OPTIONS = {"now": NOW, "workspace": "Harbour", "why": "You get a digest each day."}


@pytest.fixture
def ben(world, settings):
    settings.SITE_ADDRESS = "https://chat.example.org"
    return world.ben


@pytest.fixture
def digest(world, ben):
    return Digest(
        "daily",
        mentions=[group(ben, world.plans, say(world.plans, world.ana, "where is @ben?"))],
        direct=[UnreadConversation(world.direct.pk, "Ana Lima", 2)],
        top=[group(ben, world.town, say(world.town, world.ana, "big news"), reason="")],
    )


def test_a_digest_lists_mentions_direct_messages_and_what_was_discussed(world, ben, digest):
    mail = arrived(write_digest(ben, digest, **OPTIONS))
    assert mail["Subject"] == "Your day in Harbour"
    for part in (text_of(mail), html_of(mail)):
        for words in (
            *("Not seen yet: 1 mention, 2 direct messages.", "Mentions you have not seen", "Plans", "where is"),
            *("Unread direct messages", "Ana Lima", "2 unread messages", f"/c/{world.direct.pk}/"),
            *("Most discussed", "Town hall", "big news", OPTIONS["why"]),
        ):
            assert words in part


def test_a_weekly_digest_is_of_a_week_and_in_the_language_of_the_reader(ben, digest):
    ben.language = "de"
    mail = arrived(write_digest(ben, Digest("weekly", digest.mentions), **OPTIONS))
    assert mail["Subject"] == "Deine Woche in Harbour"
    assert "Noch nicht gesehen: 1 Erwähnung." in text_of(mail)


def test_an_empty_digest_is_not_written(ben):
    assert write_digest(ben, Digest("daily"), **OPTIONS) is None


def test_a_digest_belongs_to_no_thread_and_is_the_same_all_day(ben, digest):
    ben.time_zone = "Europe/Vienna"
    mail = arrived(write_digest(ben, digest, **OPTIONS))
    assert mail["References"] is mail["In-Reply-To"] is None
    assert mail["Message-ID"] == f"<d20261129.{ben.pk}@chat.example.org>", "the day of the reader"
    assert mail["List-ID"] == "<digest.chat.example.org>"


def test_its_link_unsubscribes_from_digests_alone(ben, digest):
    mail = arrived(write_digest(ben, digest, **OPTIONS))
    token = mail["List-Unsubscribe"].rstrip("/>").rpartition("/")[2]
    assert parse(token) == Subscription(ben.pk, "digest")


@pytest.mark.parametrize(
    ("shows", "hidden"),
    [("nothing", ["Ana Lima", "Plans", "Town hall", "news"]), ("who", ["Plans", "news"]), ("where", ["news"])],
)
def test_a_digest_shows_no_more_than_the_reader_wants(ben, digest, shows, hidden):
    mail = arrived(write_digest(ben, digest, shows=shows, **OPTIONS))
    for part in (text_of(mail), html_of(mail)):
        assert [words for words in hidden if words in part] == []
        assert "Not seen yet" in part
