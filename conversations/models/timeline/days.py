"""Messages by day: how many each day of a month has, and which days with messages are next to a day."""

from datetime import date, timedelta, tzinfo
from typing import NamedTuple, Self

from django.db import models
from django.db.models import Count, Value
from django.db.models.functions import TruncDate

from conversations.text.days import ONE_DAY, midnight

OVER_A_MONTH = timedelta(days=31)


class Landmark(NamedTuple):
    """A message, and the day on which it was written."""

    message: int
    day: date


class MessageDays(models.QuerySet):
    """Messages, by the days of a time zone, without deleted ones."""

    def on_days(self, first: date, last: date, zone: tzinfo) -> Self:
        """Select the messages from the day `first` to the day `last`, each from midnight to midnight in `zone`."""
        start, end = midnight(first, zone), midnight(last + ONE_DAY, zone)
        return self.filter(deleted_at__isnull=True, created_at__gte=start, created_at__lt=end)

    def counts_in_month(self, day: date, zone: tzinfo) -> dict[date, int]:
        """Count the messages of each day in the month of `day`; days without messages are left out."""
        first, after = month_of(day)
        days = self.on_days(first, after - ONE_DAY, zone).values_list(TruncDate("created_at", tzinfo=zone))
        return dict(days.annotate(messages=Count("*")).order_by())

    def landmarks(self, day: date, zone: tzinfo) -> dict[str, Landmark]:
        """Find the messages next to a day and its month, and the first and the last of all, by one index lookup each.

        Returns `first`, `last`, `previous`, `next`, `previous_month` and `next_month`, as far as they exist.
        """
        present = self.filter(deleted_at__isnull=True)
        first, after = (midnight(each, zone) for each in month_of(day))
        ways = {
            "first": present.order_by("created_at", "pk"),
            "last": present.order_by("-created_at", "-pk"),
            "previous": present.filter(created_at__lt=midnight(day, zone)).order_by("-created_at", "-pk"),
            "next": present.filter(created_at__gte=midnight(day + ONE_DAY, zone)).order_by("created_at", "pk"),
            "previous_month": present.filter(created_at__lt=first).order_by("-created_at", "-pk"),
            "next_month": present.filter(created_at__gte=after).order_by("created_at", "pk"),
        }
        one, *others = (query.values_list(Value(name), "pk", "created_at")[:1] for name, query in ways.items())
        found = one.union(*others, all=True)
        return {name: Landmark(pk, moment.astimezone(zone).date()) for name, pk, moment in found}


def month_of(day: date) -> tuple[date, date]:
    """Return the first day of the month of `day`, and of the month after it."""
    first = day.replace(day=1)
    return first, (first + OVER_A_MONTH).replace(day=1)
