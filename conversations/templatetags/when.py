"""The template filters for moments in lists, and for days."""

from datetime import date, datetime, timedelta

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

A_WEEK = timedelta(days=6)  # within which the day of the week says enough

register = template.Library()


@register.filter
def when(moment: datetime) -> str:
    """Say when something happened: today or yesterday at a time, on a day of the last week, or on a date."""
    local, today = timezone.localtime(moment), timezone.localdate()
    time, age = date_format(local, "H:i"), today - local.date()
    if not age:
        return _("today at %(time)s") % {"time": time}
    if age == timedelta(days=1):
        return _("yesterday at %(time)s") % {"time": time}
    if timedelta() < age <= A_WEEK:
        return _("%(day)s at %(time)s") % {"day": date_format(local, "l"), "time": time}
    return date_format(local, "SHORT_MONTH_DAY_FORMAT" if local.year == today.year else "SHORT_DATE_FORMAT")


@register.filter
def briefly(moment: datetime, today: date) -> str:
    """Format a moment in few characters: the time of today, "Yesterday", a weekday of the last week, else the date."""
    local = timezone.localtime(moment)
    age = today - local.date()
    if not age:
        return date_format(local, "H:i")
    if age == timedelta(days=1):
        return _("Yesterday")
    if timedelta() < age <= A_WEEK:
        return date_format(local, "D")
    return date_format(local, "SHORT_MONTH_DAY_FORMAT" if local.year == today.year else "SHORT_DATE_FORMAT")


@register.filter
def full_day(day: date, year: int) -> str:
    """Format a day with its day of the week, and without the year in this `year`."""
    return date_format(day, "WEEKDAY_MONTH_DAY_FORMAT" if day.year == year else "WEEKDAY_FORMAT")
