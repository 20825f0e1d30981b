"""Say what quiet hours do, for the settings page, in the language that is active."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from conversations.notifications.hours import Hours, Quiet, never_ends, next_quiet
from conversations.text.days import ONE_DAY

A_WEEK = timedelta(days=6)  # within which the day of the week says enough


def preview(hours: Hours, now: datetime) -> str:
    """Say which notification will wait until when, for example “Today at 23:00 a mention waits until 07:00.”."""
    held, quiet = hours.held_until(now), next_quiet(hours.periods, hours.zone, now)
    if never_ends(hours.periods) and not is_lifted(hours, now):
        words = _("All week is quiet: notifications wait until you change that.")
    elif held:
        words = _("A mention now waits until %(end)s.") % {"end": coming(held, now, hours.zone)}
    elif quiet is None:
        return _("Nothing waits: you have set no quiet hours.")
    elif is_lifted(hours, quiet.start):
        words = lifted(hours, now)
    else:
        words = waiting(quiet, now, hours.zone)
    return f"{words} {passing(hours)}".strip()


def is_lifted(hours: Hours, moment: datetime) -> bool:
    return hours.unquiet_until is not None and moment < hours.unquiet_until


def lifted(hours: Hours, now: datetime) -> str:
    """Say that quiet hours are lifted, and when they hold again."""
    until = hours.unquiet_until or now
    following = next_quiet(hours.periods, hours.zone, until)
    start = max(until, following.start) if following else until
    return _("Nothing waits until %(start)s: these quiet hours are skipped.") % {
        "start": coming(start, now, hours.zone)
    }


def waiting(quiet: Quiet, now: datetime, zone: ZoneInfo) -> str:
    start, end = coming(quiet.start, now, zone), coming(quiet.end, now, zone)
    if quiet.end - quiet.start < ONE_DAY and quiet.start.astimezone(zone).date() == now.astimezone(zone).date():
        at, end = clock(quiet.start, zone), clock(quiet.end, zone)
        return _("Today at %(start)s a mention waits until %(end)s.") % {"start": at, "end": end}
    return _("Quiet hours start %(start)s: mentions then wait until %(end)s.") % {"start": start, "end": end}


def passing(hours: Hours) -> str:
    """Say what does not wait."""
    if hours.direct_passes and hours.passing:
        return _("Direct messages, and messages of the people you chose, do not wait.")
    if hours.direct_passes:
        return _("Direct messages do not wait.")
    return _("Messages of the people you chose do not wait.") if hours.passing else ""


def clock(moment: datetime, zone: ZoneInfo) -> str:
    return date_format(moment.astimezone(zone), "TIME_FORMAT")


def coming(moment: datetime, now: datetime, zone: ZoneInfo) -> str:
    """Say when something will happen: today or tomorrow at a time, on a day of the next week, or on a date."""
    local, days = moment.astimezone(zone), moment.astimezone(zone).date() - now.astimezone(zone).date()
    at = clock(moment, zone)
    if not days:
        return _("today at %(time)s") % {"time": at}
    if days == ONE_DAY:
        return _("tomorrow at %(time)s") % {"time": at}
    if timedelta() < days <= A_WEEK:
        return _("%(day)s at %(time)s") % {"day": date_format(local, "l"), "time": at}
    return date_format(local, "MONTH_DAY_TIME_FORMAT")
