"""Deliveries of notifications: what waits to be sent to one person over one channel."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from accounts.models import User
from chatsite.deliveries.models import Delivery, DeliveryQuerySet
from conversations.models import Conversation
from conversations.notifications.models.notification import Channel, Notification
from conversations.notifications.models.reason import Outcome


class Hold(models.TextChoices):
    """Why a delivery waits longer than usual."""

    NOTHING = ""
    LOOKING = "looking"
    PAUSE = "pause"
    QUIET = "quiet"
    LIMIT = "limit"


class NotificationDeliveryQuerySet(DeliveryQuerySet):
    """Deliveries, by channel."""

    def over(self, channel: str) -> "NotificationDeliveryQuerySet":
        return self.filter(channel=channel)

    def lock[Some: Delivery](self, deliveries: Iterable[Some]) -> list[Some]:
        """Lock deliveries in the order in which fan-out locks them, or both would wait for each other."""
        found = list(deliveries)
        list(self.filter(pk__in=[each.pk for each in found]).order_by("user").select_for_update().values_list("pk"))
        return found

    def finish_all(self, deliveries: Iterable[Delivery]) -> None:
        """Finish deliveries as `finish` does each, in a few statements; within a transaction."""
        claims = defaultdict(list)
        for each in self.lock(deliveries):
            claims[each.attempts, each.claimed_until, each.additions].append(each.pk)
        for (attempts, until, additions), ids in claims.items():
            claimed = self.filter(pk__in=ids, attempts=attempts, claimed_until=until)
            unchanged = dict(claimed.values_list("pk", "additions"))
            done = [pk for pk, count in unchanged.items() if count == additions]
            self.filter(pk__in=done).delete()
            self.filter(pk__in=unchanged.keys() - set(done)).update(due_at=Now(), **NotificationDelivery.fresh())

    def decide_again(self, user: User) -> None:
        """Decide now about what waits for the end of quiet hours or a pause of somebody, as they have changed them."""
        self.waiting().filter(user=user, hold__in=[Hold.QUIET, Hold.PAUSE]).update(due_at=Now())

    def give_up(self) -> None:
        for channel in Channel:
            for each in self.filter(channel=channel):
                Notification.objects.of_delivery(each).conclude(channel, Outcome.FAILED)
        super().give_up()


class NotificationDelivery(Delivery):
    """All that waits for one person over one channel: a push for each conversation, one mail, one digest."""

    class Kind(models.TextChoices):
        PUSH = Channel.PUSH
        MAIL = Channel.MAIL
        DIGEST = "digest"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.DB_CASCADE, related_name="+")
    channel = models.CharField(max_length=10, choices=Kind)
    conversation = models.ForeignKey(
        Conversation, models.DO_NOTHING, null=True, db_index=False, db_constraint=False, related_name="+"
    )
    hold = models.CharField(max_length=10, choices=Hold, default=Hold.NOTHING, db_default=Hold.NOTHING)
    # The devices that have it, so that another attempt is for the rest.
    reached = ArrayField(models.BigIntegerField(), default=list, db_default=[])

    objects = NotificationDeliveryQuerySet.as_manager()

    class Meta:
        db_table = "notification_deliveries"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "channel", "conversation"],
                name="one_waiting_delivery",
                condition=Q(due_at__isnull=False),
                nulls_distinct=False,
            )
        ]
        indexes = [
            models.Index(fields=["channel", "due_at"], name="deliveries_due", condition=Q(due_at__isnull=False)),
        ]

    def __str__(self) -> str:
        place = f" in conversation {self.conversation_id}" if self.conversation_id else ""
        return f"for person {self.user_id}{place}"

    @staticmethod
    def fresh() -> dict[str, Any]:
        return Delivery.fresh() | {"hold": Hold.NOTHING, "reached": []}
