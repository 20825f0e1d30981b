"""The settings page says what quiet hours will do, in the language and the zone of the reader."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils.translation import override

from conversations.notifications.hours import Hours
from conversations.notifications.hours_in_words import preview

VIENNA = ZoneInfo("Europe/Vienna")
EVERY_DAY = [0, 1, 2, 3, 4, 5, 6]
NIGHTS = [{"days": EVERY_DAY, "from": "23:00", "to": "07:00"}]
MONDAY = [{"days": [0], "from": "23:00", "to": "07:00"}]
ALWAYS = [{"days": EVERY_DAY, "from": "00:00", "to": "00:00"}]


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=VIENNA)


NOON, NIGHT = at("2026-11-28 12:00"), at("2026-11-28 23:30")  # a Saturday


@pytest.mark.parametrize(
    ("hours", "now", "english", "german"),
    [
        (
            Hours(VIENNA),
            NOON,
            "Nothing waits: you have set no quiet hours.",
            "Nichts wartet: Du hast keine Ruhezeiten eingestellt.",
        ),
        (
            Hours(VIENNA, NIGHTS),
            NOON,
            "Today at 23:00 a mention waits until 07:00.",
            "Heute um 23:00 wartet eine Erwähnung bis 07:00.",
        ),
        (
            Hours(VIENNA, NIGHTS),
            NIGHT,
            "A mention now waits until tomorrow at 07:00.",
            "Eine Erwähnung wartet jetzt bis morgen um 07:00.",
        ),
        (
            Hours(VIENNA, MONDAY),
            NOON,
            "Quiet hours start Monday at 23:00: mentions then wait until Tuesday at 07:00.",
            "Die nächste Erwähnung, die wartet, kommt Montag um 23:00; sie wartet bis Dienstag um 07:00.",
        ),
        (
            Hours(VIENNA, ALWAYS),
            NOON,
            "All week is quiet: notifications wait until you change that.",
            "Die ganze Woche ist Ruhe: Benachrichtigungen warten, bis du das änderst.",
        ),
        (
            Hours(VIENNA, paused_until=at("2026-12-24 09:00")),
            NOON,
            "A mention now waits until 24 December, 09:00.",
            "Eine Erwähnung wartet jetzt bis 24. Dezember, 09:00.",
        ),
        (
            Hours(VIENNA, NIGHTS, unquiet_until=at("2026-11-29 07:00")),
            NIGHT,
            "Nothing waits until tomorrow at 23:00: these quiet hours are skipped.",
            "Bis morgen um 23:00 wartet nichts: Diese Ruhezeiten sind aufgehoben.",
        ),
        (
            Hours(VIENNA, NIGHTS, direct_passes=True),
            NOON,
            "Today at 23:00 a mention waits until 07:00. Direct messages do not wait.",
            "Heute um 23:00 wartet eine Erwähnung bis 07:00. Direktnachrichten warten nicht.",
        ),
    ],
)
def test_a_preview_says_what_waits_until_when(hours, now, english, german):
    with override("en"):
        assert preview(hours, now) == english
    with override("de"):
        assert preview(hours, now) == german


def test_a_preview_names_all_that_passes():
    with override("en"):
        words = preview(Hours(VIENNA, NIGHTS, direct_passes=True, passing={1}), NOON)
    assert words.endswith("Direct messages, and messages of the people you chose, do not wait.")


def test_a_preview_before_a_lifted_night_names_the_following():
    hours = Hours(VIENNA, NIGHTS, unquiet_until=at("2026-11-29 07:00"))
    with override("en"):
        assert preview(hours, NOON) == "Nothing waits until tomorrow at 23:00: these quiet hours are skipped."
