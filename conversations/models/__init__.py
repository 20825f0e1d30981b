from conversations.models.attachment import Attachment
from conversations.models.conversation import Conversation
from conversations.models.earlier_text import EarlierText
from conversations.models.former_member import FormerMember
from conversations.models.invitation import Invitation
from conversations.models.membership import Membership
from conversations.models.mention import Mention
from conversations.models.message import Message
from conversations.models.pin import Pin
from conversations.models.reaction import Reaction
from conversations.models.saved import Saved
from conversations.models.search.recent import RecentSearch
from conversations.models.search.vocabulary import SearchWord

__all__ = [
    "Attachment",
    "Conversation",
    "EarlierText",
    "FormerMember",
    "Invitation",
    "Membership",
    "Mention",
    "Message",
    "Pin",
    "Reaction",
    "RecentSearch",
    "Saved",
    "SearchWord",
]
