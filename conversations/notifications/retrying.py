"""Send again what has failed permanently, when somebody who runs the site asks for it."""

from django.db import transaction
from django.utils import timezone

from chatsite.deliveries.models import DeliveryQuerySet
from conversations.notifications.models import Notification, NotificationDelivery, Outcome


def retry(failed: DeliveryQuerySet, channel: str) -> int:
    """Let failed deliveries over a channel wait again, with the notifications that failed; return how many."""
    return sum(retry_one(each, channel) for each in failed)


@transaction.atomic
def retry_one(delivery: NotificationDelivery, channel: str) -> bool:
    failed = Notification.objects.of_delivery(delivery).filter(**{f"{channel}__in": [Outcome.FAILED, Outcome.REFUSED]})
    failed.update(**{channel: Outcome.WAITING, f"{channel}_at": None})
    same = {"user": delivery.user_id, "channel": delivery.channel, "conversation": delivery.conversation_id}
    if NotificationDelivery.objects.waiting().filter(**same).exists():  # the notifications go with that one
        return bool(delivery.delete())
    row = NotificationDelivery.objects.failed().filter(pk=delivery.pk)
    return bool(row.update(due_at=timezone.now(), **NotificationDelivery.fresh()))
