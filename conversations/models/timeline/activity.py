"""Activity: how much people wrote, and who was silent (queries 3 and 4 of the four)."""

from datetime import date, datetime, tzinfo

from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import TruncDate

from accounts.models import User
from accounts.models.people import UserQuerySet, shown_name
from conversations.text.days import FIRST_DAY, LAST_DAY, ONE_DAY, midnight


class Activity(models.QuerySet):
    """Messages, by their authors and when they wrote."""

    def counts_per_day(self, since: date, until: date, zone: tzinfo) -> models.QuerySet:
        """Count messages by person and day of `zone`, from the day `since` to the day `until`: query 3 of the four.

        Yields {user_id, username, name, day, messages}; deleted messages count unless `visible_to` has left them out.
        A day lasts from midnight to midnight in `zone`: 23 or 25 hours where clocks change. System messages, and those
        of removed accounts, are not counted. Raises ValueError for days before FIRST_DAY, after LAST_DAY, or in the
        wrong order.
        """
        if not FIRST_DAY <= since <= until <= LAST_DAY:
            raise ValueError(f"days must be from {FIRST_DAY} to {LAST_DAY}, the first before the last")
        start, end = midnight(since, zone), midnight(until + ONE_DAY, zone)
        return (
            self.filter(created_at__gte=start, created_at__lt=end, user__isnull=False)
            .annotate(day=TruncDate("created_at", tzinfo=zone), name=shown_name("user__"), username=F("user__username"))
            .values("user_id", "username", "name", "day")
            .annotate(messages=Count("*"))
            .order_by("day", "-messages", "user_id")
        )

    def silent_people(self, since: datetime) -> UserQuerySet:
        """Query the people who wrote none of these messages since `since`, by user name: query 4 of the four.

        People who never wrote count from when they joined. Adds `last_wrote_at`, None for them. Exists, never
        NOT IN: with one message of a deleted person NOT IN is true for nobody.
        """
        theirs = self.filter(user=OuterRef("pk"))
        last = theirs.order_by("-created_at", "-pk").values("created_at")[:1]
        return (
            User.objects.active()
            .filter(~Exists(theirs.filter(created_at__gte=since)))
            .filter(Q(created_at__lt=since) | Exists(theirs))
            .annotate(last_wrote_at=Subquery(last))
            .order_by("username")
        )
