"""Messages from other systems: imported many at once, each exactly once."""

from collections.abc import Iterable

from django.db import transaction

from conversations.models.conversation.conversation import Conversation
from conversations.models.message.message import Message

BATCH_MESSAGES = 2000
MAX_ANNOUNCED = 1000  # messages that open pages get one by one; after more they reload


@transaction.atomic
def import_messages(conversation: Conversation, messages: Iterable[Message]) -> list[Message]:
    """Save the messages whose client keys are not in the conversation yet; return those.

    They keep their own times; the conversation's newest message, its last activity and its revision follow.
    """
    locked = Conversation.objects.select_for_update().get(pk=conversation.pk)
    known = set(locked.messages.values_list("client_key", flat=True))
    new = {message.client_key: message for message in messages if message.client_key not in known}
    ordered = sorted(new.values(), key=lambda message: message.created_at)
    if ordered:
        with locked.changing():
            save(locked, ordered)
    return ordered


def save(locked: Conversation, messages: list[Message]) -> None:
    for message in messages:
        locked.revision += 1
        message.conversation, message.revision = locked, locked.revision
    Message.objects.bulk_create(messages, batch_size=BATCH_MESSAGES)
    if len(messages) > MAX_ANNOUNCED:
        locked.oldest_cursor = locked.revision
    locked.save(update_fields=["revision", "oldest_cursor"])
    locked.find_newest()
    if locked.archived_at:  # no message may be newer
        locked.refresh_from_db(fields=["last_message_at"])
        locked.archived_at = max(locked.archived_at, locked.last_message_at)
        locked.save(update_fields=["archived_at"])
