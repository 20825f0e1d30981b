"""Notifications: each person notified of a message, once, with what became of it over each channel."""

from datetime import timedelta
from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from conversations.models import Conversation, Message
from conversations.notifications.models.reason import Outcome, Reason

STORED_FOR = timedelta(days=30)


class Channel(models.TextChoices):
    """A way to reach people; each notification has a column for it."""

    PUSH = "push"
    MAIL = "mail"


class NotificationQuerySet(models.QuerySet["Notification"]):
    """Notifications, by person and channel."""

    def of(self, user: object, message: int) -> "Notification | None":
        """Find what `user` was notified of a message."""
        return self.filter(user=user, message=message).first()

    def waiting(self, channel: str) -> Self:
        return self.filter(**{channel: Outcome.WAITING})

    def conclude(self, channel: str, outcome: str) -> None:
        """Store what became of these over a channel, once."""
        self.waiting(channel).update(**{channel: outcome, f"{channel}_at": Now()})

    def of_delivery(self, delivery: Any) -> Self:
        """Select those that a delivery is for, whatever became of them."""
        there = {"conversation": delivery.conversation_id} if delivery.conversation_id else {}
        return self.filter(user=delivery.user_id, **there)

    def delete_old(self) -> None:
        """Delete those that are too old to be explained, and wait for nothing."""
        old = self.filter(notified_at__lt=Now() - STORED_FOR)
        old.exclude(push=Outcome.WAITING).exclude(mail=Outcome.WAITING).delete()


class Notification(models.Model):
    """One person notified of one message for one reason, however often it is edited."""

    pk = models.CompositePrimaryKey("user_id", "message_id")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.DB_CASCADE, db_index=False, related_name="+")
    message = models.ForeignKey(Message, models.DB_CASCADE, related_name="notifications")
    # Without a constraint: its lock on the row of the conversation would slow down those who post there.
    conversation = models.ForeignKey(
        Conversation, models.DO_NOTHING, db_index=False, db_constraint=False, related_name="+"
    )
    # The strongest reason, and the others, which count where the person wants no notifications for it.
    reason = models.CharField(max_length=10, choices=Reason)
    others = ArrayField(models.CharField(max_length=10), default=list, db_default=[])
    notified_at = models.DateTimeField(db_default=models.Func(function="clock_timestamp"))
    push = models.CharField(max_length=12, choices=Outcome, default=Outcome.WAITING, db_default=Outcome.WAITING)
    push_at = models.DateTimeField(null=True)
    mail = models.CharField(max_length=12, choices=Outcome, default=Outcome.WAITING, db_default=Outcome.WAITING)
    mail_at = models.DateTimeField(null=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        db_table = "notifications"
        indexes = [
            models.Index(fields=["user", "conversation"], name="notifications_push", condition=models.Q(push="")),
            models.Index(fields=["user"], name="notifications_mail", condition=models.Q(mail="")),
            models.Index(fields=["notified_at"], name="notifications_notified"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} of {self.message_id}: {self.reason}"
