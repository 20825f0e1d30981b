from conversations.models.conversation import Conversation
from conversations.models.earlier_text import EarlierText
from conversations.models.invitation import Invitation
from conversations.models.membership import Membership
from conversations.models.message import Message

__all__ = ["Conversation", "EarlierText", "Invitation", "Membership", "Message"]
