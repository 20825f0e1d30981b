"""Devices: browsers that receive pushes. Each belongs to a visit, and ends with it."""

import logging
from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Self

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import NotAllowed, User, limits
from accounts.models.visit import Visit, browser_of, signed_in_user, still_signed_in
from conversations.notifications.models.push_key import PushKey
from conversations.notifications.push.answers import Result, Sent

log = logging.getLogger(__name__)

REMEMBERED = timedelta(days=30)  # that somebody has removed a browser, so that its pages do not report it again
TEST_PERIOD = timedelta(seconds=30)  # then nobody waits for an answer any more
MAX_DEVICES = 20
MAX_REFUSALS = 10  # in a row; then nothing is pushed until its pages report it again


class DeviceQuerySet(models.QuerySet["Device"]):
    """Devices, by person."""

    def of(self, user: User) -> Self:
        return self.filter(user=user, removed_at__isnull=True).order_by("pk")

    def was_removed(self, user: User, endpoint: str) -> bool:
        """Return whether `user` has removed this browser: its pages, which report it by themselves, learn of it."""
        return self.filter(user=user, endpoint=endpoint, removed_at__isnull=False).exists()

    def remove(self) -> None:
        """Push nothing to these any more, until somebody turns it on again in the browser itself."""
        self.update(removed_at=Now())

    def alive(self, users: Collection[int]) -> list["Device"]:
        """Load the devices of these people whose visit goes on; delete the others."""
        wanted = self.filter(user__in=users, removed_at__isnull=True, refusals__lt=MAX_REFUSALS)
        devices = list(wanted.select_related("key").order_by("pk"))
        visits = still_signed_in({device.visit for device in devices})
        ended = [device.pk for device in devices if device.visit not in visits]
        if ended:
            self.filter(pk__in=ended).delete()
        return [device for device in devices if device.visit in visits]

    def delete_ended(self) -> None:
        """Delete those whose sessions have ended, and those that people removed some time ago."""
        session = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=Now())
        self.filter(~Exists(session) | Q(removed_at__lt=Now() - REMEMBERED)).delete()

    def subscribe(self, request: HttpRequest, endpoint: str, p256dh: bytes, auth: bytes, key: PushKey) -> "Device":
        """Let the browser of a request receive pushes; raise NotAllowed and LimitReached.

        A browser has one subscription, for the person who signed in last.
        """
        visit = Visit.of(request)
        limits.take("change", signed_in_user(request))
        self.filter(user=visit.user_id, session_key=visit.session_key).exclude(endpoint=endpoint).delete()
        others = [device for device in self.alive({visit.user_id}) if device.endpoint != endpoint]
        if len(others) >= MAX_DEVICES:
            raise NotAllowed(
                _("%(most)d browsers receive your notifications. Remove one first.") % {"most": MAX_DEVICES}
            )
        values = {
            "user_id": visit.user_id,
            "session_key": visit.session_key,
            "credentials": visit.credentials,
            "p256dh": p256dh,
            "auth": auth,
            "key": key,
            "browser": browser_of(request),
            "language": get_language() or settings.LANGUAGE_CODE,
            "refusals": 0,
            "removed_at": None,
        }
        self.filter(endpoint=endpoint).exclude(user=visit.user_id).delete()
        return self.update_or_create(endpoint=endpoint, defaults=values)[0]

    def learn(self, answers: Mapping[int, Sent]) -> None:
        """Store what push services answered, by device."""
        reached = {pk for pk, sent in answers.items() if sent.result == Result.SENT}
        # Locked in the same order by all processes, or two that push to the same people would wait for each other.
        there = list(self.filter(pk__in=answers).order_by("pk").select_for_update())
        self.filter(pk__in=reached).update(reached_at=Now(), answer="", refusals=0)
        for device in there:
            if device.pk not in reached:
                device.learn(answers[device.pk])


class Device(models.Model):
    """The push subscription of one browser. Its endpoint is a capability: it is in no log and no export."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.DB_CASCADE, related_name="+")
    session_key = models.CharField(max_length=40, db_index=True)
    credentials = models.CharField(max_length=64)
    endpoint = models.CharField(max_length=2048, unique=True)
    p256dh = models.BinaryField(max_length=65)
    auth = models.BinaryField(max_length=16)
    key = models.ForeignKey(PushKey, models.DB_CASCADE, db_index=False, related_name="+")
    browser = models.CharField(max_length=200)
    language = models.CharField(max_length=10)
    created_at = models.DateTimeField(db_default=models.Func(function="clock_timestamp"))
    reached_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=200, default="", db_default="")
    refusals = models.SmallIntegerField(default=0, db_default=0)
    removed_at = models.DateTimeField(null=True)
    # Of the last test: when it was sent, and when the browser showed it.
    tested_at = models.DateTimeField(null=True)
    shown_at = models.DateTimeField(null=True)

    objects = DeviceQuerySet.as_manager()

    class Meta:
        db_table = "push_devices"

    def __str__(self) -> str:
        return f"device {self.pk} of person {self.user_id}"

    @property
    def visit(self) -> Visit:
        return Visit(self.user_id, self.session_key, self.credentials)

    @property
    def row(self) -> DeviceQuerySet:
        return Device.objects.filter(pk=self.pk, endpoint=self.endpoint)

    @property
    def is_being_tested(self) -> bool:
        if self.tested_at is None or self.shown_at or self.answer:
            return False
        return timezone.now() - self.tested_at < TEST_PERIOD

    @property
    def is_test_sent(self) -> bool:
        """Whether the push service has taken the push of the last test."""
        return bool(self.tested_at and self.reached_at and self.reached_at >= self.tested_at)

    @property
    def service(self) -> str:
        """The push service, which is the vendor of the browser."""
        return self.endpoint.split("/")[2]

    def learn(self, sent: Sent) -> None:
        """Store what its push service answered; delete the device if the subscription has ended."""
        match sent.result:
            case Result.SENT:
                self.row.update(reached_at=Now(), answer="", refusals=0)
            case Result.GONE:
                self.row.delete()
            case Result.LATER | Result.OUR_FAULT:
                self.row.update(answer=sent.words)
            case _:
                log.warning("the push service %s refused a push: %s", self.service, sent.words)
                self.row.update(answer=sent.words, refusals=F("refusals") + 1)
