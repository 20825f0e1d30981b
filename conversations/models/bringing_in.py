"""Messages from elsewhere: brought in many at once, each exactly once."""

from collections.abc import Iterable

from django.db import transaction

from conversations.models.conversation import Conversation
from conversations.models.message import Message

BATCH = 2000


@transaction.atomic
def bring_in(conversation: Conversation, messages: Iterable[Message]) -> list[Message]:
    """Save the messages whose client keys are not in the conversation yet; return those.

    They keep their own times; the conversation's newest message, its last activity and its revision follow.
    """
    locked = Conversation.objects.select_for_update().get(pk=conversation.pk)
    here = set(locked.messages.values_list("client_key", flat=True))
    fresh = {message.client_key: message for message in messages if message.client_key not in here}
    ordered = sorted(fresh.values(), key=lambda message: message.created_at)
    for message in ordered:
        locked.revision += 1
        message.conversation, message.revision = locked, locked.revision
    Message.objects.bulk_create(ordered, batch_size=BATCH)
    if newest := locked.messages.newest_first().only("created_at").first():
        locked.last_message_id, locked.last_message_at = newest.pk, newest.created_at
    if locked.archived_at:  # nothing is said after that
        locked.archived_at = max(locked.archived_at, locked.last_message_at)
    locked.save(update_fields=["revision", "last_message_id", "last_message_at", "archived_at"])
    return ordered
