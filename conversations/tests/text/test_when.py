"""Moments in lists are named as people name them."""

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from conversations.templatetags.when import when


@pytest.mark.parametrize(
    ("days", "words"),
    [(0, "today at 09:05"), (1, "yesterday at 09:05"), (2, "{weekday} at 09:05"), (6, "{weekday} at 09:05")],
)
def test_a_moment_of_the_last_week_is_named_by_its_day(days, words):
    moment = timezone.localtime().replace(hour=9, minute=5) - timedelta(days=days)
    assert when(moment) == words.format(weekday=f"{moment:%A}")


@pytest.mark.parametrize("days", [7, 400, -1])
def test_other_moments_have_a_date_with_the_year_if_it_is_another(days):
    moment = timezone.localtime() - timedelta(days=days)
    date = f"{moment.day} {moment:%b}"
    assert when(moment) == (date if moment.year == timezone.localtime().year else f"{date} {moment.year}")


def test_a_moment_is_named_in_the_language_and_time_zone_of_the_reader():
    moment = timezone.localtime().replace(hour=9, minute=5)
    with translation.override("de"):
        assert when(moment) == "heute um 09:05"
    with timezone.override("Asia/Kathmandu"):
        assert when(moment).endswith("14:50")
