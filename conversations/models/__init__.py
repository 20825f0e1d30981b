from conversations.models.conversation import Conversation
from conversations.models.membership import Membership
from conversations.models.message import Message

__all__ = ["Conversation", "Membership", "Message"]
