"""Write the pushes of many people: what they need is loaded together."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from django.db.models.functions import Now
from django.utils.translation import override

from accounts.models import User
from conversations.models import Conversation, Message
from conversations.notifications.due import Due
from conversations.notifications.facts import Asked, read_facts
from conversations.notifications.models import Device, Notification, Outcome, Reason
from conversations.notifications.push.payload import payload

IS_PERSONAL = {Reason.DIRECT, Reason.MENTION, Reason.REPLY}
MAX_LOADED = 20  # messages of one push, of which it shows the last
READ_WITHIN = timedelta(days=1)  # pushes older than that are not closed: most have been seen


class PushWriter:
    """Writes what is due for some people."""

    def __init__(self, due: Sequence[Due]) -> None:
        self.messages = Message.objects.select_related("user").in_bulk(
            [facts.message for each in due for facts in each.to_send[-MAX_LOADED:]]
        )
        self.conversations = Conversation.objects.in_bulk({each.delivery.conversation_id for each in due})
        self.read = find_read({each.user for each in due})

    def write(self, due: Due, devices: Iterable[Device]) -> dict[int, bytes]:
        """Write the push of one person for each of these devices, in its language."""
        person, settings = due.to_send[-1].person, due.to_send[-1].settings
        personal = is_personal(due)
        options: dict[str, Any] = {
            "shows": settings.shown_in(due.to_send[-1].workspace),
            "user": person.pk,
            "count": len(due.to_send),
            "unread": Conversation.objects.totals_of(person).unread if personal else None,
            "is_personal": personal,
            "read": [each for each in self.read[person.pk] if each != due.delivery.conversation_id],
        }
        conversation = self.conversation_for(person, due.delivery.conversation_id)
        messages = [found for facts in due.to_send[-MAX_LOADED:] if (found := self.messages.get(facts.message))]
        copies = {}
        for device in devices:
            with override(device.language):
                copies[device.pk] = payload(messages, conversation, **options)
        return copies

    def conversation_for(self, person: User, pk: int | None) -> Conversation:
        """Return a conversation with the name by which a person knows it."""
        found = self.conversations[pk]
        return Conversation.objects.all().as_seen_by(person).get(pk=pk) if found.is_direct else found


def is_personal(due: Due) -> bool:
    return any(facts.reason in IS_PERSONAL for facts in due.to_send)


def find_read(users: set[int]) -> dict[int, list[int]]:
    """Find the conversations whose last push these people have seen elsewhere since: their browsers close it."""
    sent = Notification.objects.filter(user__in=users, push=Outcome.SENT, push_at__gt=Now() - READ_WITHIN)
    newest = sent.order_by("user", "conversation", "-message").distinct("user", "conversation")
    asked = [Asked(*row) for row in newest.values_list("user", "message", "reason")]
    found = defaultdict(list)
    for facts in read_facts(asked):
        if facts.is_read or facts.deleted_at or not facts.is_visible:
            found[facts.user].append(facts.conversation)
    return found
