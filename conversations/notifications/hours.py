"""Quiet hours: when notifications of a person wait, and until when. Pure functions of values.

A weekly schedule is a list of periods as the settings store them: {"days": [0], "from": "22:00", "to": "07:00"}, where
Monday is 0 and a day is that on which the period begins. It ends on the next day if `to` is not later than `from`; if
they are equal, it lasts until the same time of the next day. All times are those of the person's clock.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any, NamedTuple, TypedDict
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from conversations.notifications.wall_clock import days_around, first_moment
from conversations.text.days import ONE_DAY

Period = TypedDict("Period", {"days": list[int], "from": str, "to": str})
MAX_PERIODS = 14
CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
LONGEST = timedelta(days=7)  # quiet that lasts longer than a week never ends
WEEK_MINUTES = 7 * 24 * 60


class Quiet(NamedTuple):
    """A stretch of time in which notifications wait."""

    start: datetime
    end: datetime


@dataclass(frozen=True)
class Hours:
    """What a person has set about when notifications wait, in their time zone."""

    zone: ZoneInfo
    periods: Sequence[Period] = ()
    paused_until: datetime | None = None
    unquiet_until: datetime | None = None  # until then the schedule does not hold: “not tonight”
    direct_passes: bool = False
    passing: Collection[int] = ()  # the ids of people whose messages do not wait

    def passes(self, sender_id: int | None, is_direct: bool) -> bool:
        """Tell whether a message is let through quiet hours and pauses."""
        return (is_direct and self.direct_passes) or sender_id in self.passing

    def held_until(self, now: datetime) -> datetime | None:
        """Return when what happens now may be notified; None if it may be at once.

        Then ask again: a schedule of the whole week never ends, and the settings may have changed.
        """
        now = now.astimezone(UTC)
        paused = max(now, self.paused_until.astimezone(UTC)) if self.paused_until else now
        until = self._quiet_until(paused) or paused
        return until if until > now else None

    def _quiet_until(self, moment: datetime) -> datetime | None:
        is_lifted = self.unquiet_until is not None and moment < self.unquiet_until
        return None if is_lifted else quiet_until(self.periods, self.zone, moment)


def quiet_until(periods: Sequence[Period], zone: ZoneInfo, now: datetime) -> datetime | None:
    """Return when the quiet that holds now ends; None if none does. Quiet that never ends lasts a week from now."""
    now = now.astimezone(UTC)  # arithmetic within a zone would be that of its clock
    quiet = next_quiet(periods, zone, now)
    return min(quiet.end, now + LONGEST) if quiet and quiet.start <= now else None


def next_quiet(periods: Sequence[Period], zone: ZoneInfo, now: datetime) -> Quiet | None:
    """Return the quiet that holds now, else the next one; None without a schedule. “Not tonight” lasts until its end.

    Periods that touch or overlap are one. A start long ago or an end in more than a week may be inexact.
    """
    return next((quiet for quiet in merged(stretches(periods, zone, now)) if quiet.end > now), None)


def stretches(periods: Sequence[Period], zone: ZoneInfo, now: datetime) -> Iterator[Quiet]:
    """Yield the stretches of about two weeks around `now`; one that lies in a skipped hour is empty."""
    for day in days_around(now, zone, 2, LONGEST.days + 2):
        for period in periods:
            if day.weekday() in period["days"]:
                start, end = clock_of(period["from"]), clock_of(period["to"])
                ends_on = day if end > start else day + ONE_DAY
                yield Quiet(first_moment(day, start, zone), first_moment(ends_on, end, zone))


def merged(quiets: Iterable[Quiet]) -> Iterator[Quiet]:
    """Join the stretches that touch or overlap, in their order."""
    joined: Quiet | None = None
    for quiet in sorted(quiet for quiet in quiets if quiet.start < quiet.end):
        if joined and quiet.start <= joined.end:
            joined = Quiet(joined.start, max(joined.end, quiet.end))
        else:
            if joined:
                yield joined
            joined = quiet
    if joined:
        yield joined


def never_ends(periods: Sequence[Period]) -> bool:
    """Tell whether a schedule leaves no minute of the week."""
    minutes = {
        (day * 24 * 60 + minute) % WEEK_MINUTES
        for period in periods
        for day in period["days"]
        for minute in minutes_of(period)
    }
    return len(minutes) == WEEK_MINUTES


def minutes_of(period: Period) -> range:
    start, end = (60 * at.hour + at.minute for at in (clock_of(period["from"]), clock_of(period["to"])))
    return range(start, end if end > start else end + 24 * 60)


def clock_of(text: str) -> time:
    return time.fromisoformat(text)


def parse_periods(value: Any) -> list[Period]:
    """Check periods that a form or a program sent, and return them as they are stored; raise ValueError with words."""
    if not isinstance(value, list):
        raise ValueError(_("Quiet hours are a list of periods."))
    if len(value) > MAX_PERIODS:
        raise ValueError(_("Use at most %(number)d periods of quiet hours.") % {"number": MAX_PERIODS})
    return [parse_period(each) for each in value]


def parse_period(value: Any) -> Period:
    if not isinstance(value, dict) or value.keys() != {"days", "from", "to"}:
        raise ValueError(_("A period of quiet hours needs its days and two times."))
    days = value["days"]
    if not isinstance(days, list) or not days:
        raise ValueError(_("Choose at least one day for each period of quiet hours."))
    if not all(type(day) is int and day in range(7) for day in days):
        raise ValueError(_("The days of quiet hours are those of a week."))
    for name in ("from", "to"):
        if not isinstance(value[name], str) or not CLOCK.fullmatch(value[name]):
            raise ValueError(_("“%(time)s” is not a time. Use one such as 22:30.") % {"time": str(value[name])[:20]})
    return {"days": sorted({*days}), "from": value["from"], "to": value["to"]}
