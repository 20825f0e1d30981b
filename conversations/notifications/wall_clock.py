"""Times of a wall clock in a time zone, also on the days when it is put forward or back. Pure functions."""

from bisect import bisect_left
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from conversations.text.days import ONE_DAY

NIGHT_ENDS_HOUR = 4  # people who are up before it mean the coming morning by “tomorrow”


def first_moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    """Return the first moment at which a clock in `zone` shows this time or a later one.

    So a time in an hour that clocks skip is the moment at which they skip it, and a time in an hour that they repeat
    is the first of the two. For each time there is one moment, and a later time is never an earlier moment.
    """
    wanted = datetime.combine(day, at)
    before, after = (wanted.replace(fold=fold, tzinfo=zone).astimezone(UTC) for fold in (0, 1))
    if before <= after:
        return before
    seconds = range(int(after.timestamp()), int(before.timestamp()))  # one of which is when the clocks skip
    found = bisect_left(seconds, wanted, key=lambda second: datetime.fromtimestamp(second, zone).replace(tzinfo=None))
    return datetime.fromtimestamp(seconds.start + found, UTC)


def days_around(now: datetime, zone: ZoneInfo, before: int, after: int) -> Iterator[date]:
    """Yield the local days from some days `before` today until some days `after` it."""
    today = now.astimezone(zone).date()
    return (today + timedelta(days=number) for number in range(-before, after + 1))


def until_tomorrow(zone: ZoneInfo, now: datetime, hour: int = 9) -> datetime:
    """Return when it is `hour` o’clock after the coming night; before 4:00 that night has not ended yet."""
    local = now.astimezone(zone)
    day = local.date() + (ONE_DAY if local.hour >= NIGHT_ENDS_HOUR else timedelta())
    return first_moment(day, time(hour), zone)


def next_digest(rule: str, day: int, hour: int, zone: ZoneInfo, now: datetime) -> datetime | None:
    """Return when the next digest is due, after `now`; None if the rule is neither "daily" nor "weekly".

    `day` is that of a weekly one, Monday = 0.
    """
    if rule not in ("daily", "weekly"):
        return None
    days = (each for each in days_around(now, zone, 1, 8) if rule == "daily" or each.weekday() == day)
    return next(moment for each in days if (moment := first_moment(each, time(hour), zone)) > now)
