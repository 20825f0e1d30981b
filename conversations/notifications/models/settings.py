"""What a person has chosen about notifications: which, over which channels, and when not."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from accounts.models import User, Workspace, limits
from conversations.notifications.hours import Hours
from conversations.notifications.models.delivery import NotificationDelivery
from conversations.notifications.models.reason import Reason

# The reasons for which there is mail, unless it is switched off: the others are too many.
BY_MAIL = [Reason.MENTION, Reason.DIRECT, Reason.REPLY, Reason.THREAD]
LESS = [Workspace.Shows.NOTHING, Workspace.Shows.WHO, Workspace.Shows.WHERE]
MAX_PASSING = 50
MAX_REFUSED_DAYS = 3
MAX_STORED_MAILS = 8
HOLDING = frozenset({"quiet", "unquiet_until", "paused_until", "direct_passes", "passing"})
SENT, REFUSED = "sent", "refused"


class SettingsManager(models.Manager["NotificationSettings"]):
    """Settings, by person; somebody who has changed nothing has no row."""

    def of(self, user: User) -> "NotificationSettings":
        return self.filter(pk=user.pk).first() or NotificationSettings(user=user)

    def of_all(self, users: Collection[int]) -> "dict[int, NotificationSettings]":
        """Load the settings of many people, by the id of each."""
        found = self.in_bulk(users)
        return {user: found.get(user) or NotificationSettings(user_id=user) for user in users}

    def learn(self, user: int, address: str, state: str, is_address: bool) -> None:
        """Store that a mail was sent to an address of a person, or that it was refused permanently."""
        with transaction.atomic():
            found = self.select_for_update().filter(pk=user).first() or NotificationSettings(user_id=user)
            if state == SENT:
                found.mailed_at = [*found.mailed_at, timezone.now()][-MAX_STORED_MAILS:]
                found.refused_on = []
            elif state == REFUSED and is_address:
                earlier = found.refused_on if found.refused_address == address else []
                today = timezone.now().date()
                found.refused_address, found.refused_on = address, [*earlier, today][-MAX_STORED_MAILS:]
            else:
                return
            found.save_columns("mailed_at", "refused_address", "refused_on")


class NotificationSettings(models.Model):
    """The settings of one person."""

    class Digest(models.TextChoices):
        OFF = "off", _("Never")
        DAILY = "daily", _("Every day")
        WEEKLY = "weekly", _("Once a week")

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.DB_CASCADE, primary_key=True, related_name="+")
    # The reasons for which a channel is switched off.
    push_off = ArrayField(models.CharField(max_length=10), default=list)
    mail_off = ArrayField(models.CharField(max_length=10), default=list)
    shows = models.CharField(max_length=10, choices=Workspace.Shows, default=Workspace.Shows.ALL)
    # Periods as hours.py reads them: [{"days": [0], "from": "22:00", "to": "07:00"}], in the zone of the person.
    quiet: models.JSONField = models.JSONField(default=list)
    unquiet_until = models.DateTimeField(null=True)
    paused_until = models.DateTimeField(null=True)
    direct_passes = models.BooleanField(default=False)
    passing = ArrayField(models.BigIntegerField(), default=list)
    digest = models.CharField(max_length=10, choices=Digest, default=Digest.OFF)
    digest_hour = models.SmallIntegerField(default=8)
    digest_day = models.SmallIntegerField(default=0)
    # When the last mails were sent, and what was refused: the address, and on which days.
    mailed_at = ArrayField(models.DateTimeField(), default=list)
    refused_address = models.CharField(max_length=255, default="")
    refused_on = ArrayField(models.DateField(), default=list)
    # Since when each setting holds, by its name.
    changed_at: models.JSONField = models.JSONField(default=dict)

    objects = SettingsManager()

    class Meta:
        db_table = "notification_settings"

    def __str__(self) -> str:
        return f"notification settings of person {self.user_id}"

    def change(self, by: User, **values: Any) -> None:
        """Save the values that differ from the stored ones, each with the time; raise LimitReached."""
        limits.take("change", by)
        by.refuse_deactivated()
        changed = {name: value for name, value in values.items() if getattr(self, name) != value}
        with transaction.atomic():
            self.store(changed)
            if not HOLDING.isdisjoint(changed):
                NotificationDelivery.objects.decide_again(by)

    def store(self, changed: dict[str, Any]) -> None:
        now = timezone.now().isoformat()
        for name, value in changed.items():
            setattr(self, name, value)
            self.changed_at[name] = now
        if changed:
            self.save_columns(*changed, "changed_at")

    def save_columns(self, *names: str) -> None:
        """Save these columns, in a new row if there is none."""
        rows = NotificationSettings.objects
        rows.bulk_create([self], update_conflicts=True, update_fields=names, unique_fields=["user"])

    def since(self, name: str) -> datetime | None:
        """Return since when a setting holds, None if it was never changed."""
        return parse_datetime(self.changed_at.get(name, ""))

    def unsubscribe(self, kind: str) -> None:
        """Stop mail of this kind, "notifications" or "digest", as asked for by a link in it."""
        name, value = ("digest", self.Digest.OFF) if kind == "digest" else ("mail_off", list(map(str, BY_MAIL)))
        if getattr(self, name) != value:
            self.store({name: value})

    def hours_in(self, time_zone: str) -> Hours:
        """Return when notifications wait, for a person in this time zone."""
        return Hours(
            ZoneInfo(time_zone), self.quiet, self.paused_until, self.unquiet_until, self.direct_passes, self.passing
        )

    def shown_in(self, workspace: Workspace) -> str:
        """Return how much of a message is shown: what the person wants, but at most what the workspace allows."""
        least = (each for each in LESS if each in (self.shows, workspace.most_shown))
        return next(least, Workspace.Shows.ALL)

    def is_refused(self, address: str) -> bool:
        """Return whether mail to this address was refused permanently on several days."""
        return self.refused_address == address and len(set(self.refused_on)) >= MAX_REFUSED_DAYS
