"""Days: the range in which messages may have been written, and when a day begins in a time zone. Pure functions."""

from datetime import date, datetime, time, timedelta, tzinfo

FIRST_DAY = date(1970, 1, 1)
LAST_DAY = date(2999, 12, 31)
ONE_DAY = timedelta(days=1)


def midnight(day: date, zone: tzinfo) -> datetime:
    """Return the time at which a day begins in `zone`; where clocks skip midnight, the time at which they do."""
    return datetime.combine(day, time(), zone)
