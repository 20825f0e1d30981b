"""The headings of days, and how days near today are named."""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.utils import timezone
from django.utils.safestring import SafeString

from accounts.models.locale import Locale
from chatsite.speed.fragments import show
from conversations.text.days import ONE_DAY, midnight

A_WEEK = timedelta(days=7)


class DayFields(NamedTuple):
    """The heading of a day of a conversation, shown in a year.

    `until` a time it is named "today", "yesterday" or, for "weekday", by its day of the week.
    """

    conversation: int
    day: date
    year: int
    name: str | None
    until: datetime | None


class Day(NamedTuple):
    """A day in the current time zone, with its first moment and the next day's: faster to compare than dates."""

    date: date
    begins: datetime
    ends: datetime

    @classmethod
    def of(cls, moment: datetime) -> "Day":
        zone = timezone.get_current_timezone()
        day = moment.astimezone(zone).date()
        begins, ends = midnight(day, zone), midnight(day + ONE_DAY, zone)
        return cls(day, begins.astimezone(moment.tzinfo), ends.astimezone(moment.tzinfo))


def show_day(conversation: int, day: date, to: Locale) -> SafeString:
    """Render the heading of a day."""
    today = timezone.localdate()
    return show("day/_day.html", DayFields(conversation, day, today.year, *nearness(day, today)), to)


def nearness(day: date, today: date) -> tuple[str | None, datetime | None]:
    """Return how to name a day that is not longer ago than a week, and until when."""
    if ONE_DAY < today - day < A_WEEK:
        return "weekday", midnight(day + A_WEEK, timezone.get_current_timezone())
    return relative(day)


def relative(day: date) -> tuple[str | None, datetime | None]:
    """Return whether a day is today or yesterday, and until when."""
    today = timezone.localdate()
    name = {0: "today", 1: "yesterday"}.get((today - day).days)
    return name, midnight(today + ONE_DAY, timezone.get_current_timezone()) if name else None
