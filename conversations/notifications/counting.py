"""Counts for the author of a message: only of ten people and more, as fewer would reveal what a single one does."""

from typing import Any

from django.db.models import Q
from django.utils import timezone

from accounts.models.people import UserQuerySet
from conversations.models import Message
from conversations.notifications.models import Channel, Hold, Notification, NotificationDelivery, NotificationSettings

MIN_COUNTED, MAX_COUNTED = 10, 1000  # each costs a fraction of a millisecond


def count_quiet(people: UserQuerySet, count: int) -> int:
    """Count those of `count` people who have quiet hours or a pause now; 0 for few people, and very many."""
    if not MIN_COUNTED <= count <= MAX_COUNTED:
        return 0
    now = timezone.now()
    wants_quiet = ~Q(quiet=[]) | Q(paused_until__gt=now)
    chosen = NotificationSettings.objects.filter(wants_quiet, user__in=people.values("pk")).select_related("user")
    return sum(each.hours_in(each.user.time_zone).held_until(now) is not None for each in chosen)


def counts_for_author(message: Message) -> dict[str, Any] | None:
    """Count whom a message notified, and for how many it waits for the end of quiet hours; None for few people."""
    notified = Notification.objects.filter(message=message)
    people = notified.count()
    if people < MIN_COUNTED:
        return None
    waiting = (
        NotificationDelivery.objects.waiting()
        .over(Channel.PUSH)
        .filter(
            hold=Hold.QUIET,
            conversation=message.conversation_id,
            user__in=notified.waiting(Channel.PUSH).values("user"),
        )
    )
    return {"people": people, "quiet": 0 if message.edited_at else waiting.count()}
