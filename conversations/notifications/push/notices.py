"""Notices: what an open page shows in place of a push, with the same words."""

from typing import Any

from conversations.models import Conversation, Message
from conversations.notifications.deciding import gone
from conversations.notifications.facts import Asked, read_facts
from conversations.notifications.models import Notification
from conversations.notifications.push.payload import notification


def notice_for(notified: Notification) -> dict[str, Any] | None:
    """Write the notice of a message for the person who was notified of it; None if it has become pointless."""
    found = read_facts([Asked(notified.user_id, notified.message_id, notified.reason, notified.others)])
    if not found or gone(found[0]):
        return None
    facts = found[0]
    message = Message.objects.select_related("user").get(pk=notified.message_id)
    conversation = Conversation.objects.all().as_seen_by(facts.person).get(pk=notified.conversation_id)
    return notification(message, conversation, facts.settings.shown_in(facts.workspace), 1)
