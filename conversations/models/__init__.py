from conversations.models.attachment.attachment import Attachment
from conversations.models.conversation.conversation import Conversation
from conversations.models.conversation.former_member import FormerMember
from conversations.models.conversation.membership import Membership
from conversations.models.event.event import Event
from conversations.models.group_call import GroupCall
from conversations.models.invitation import Invitation
from conversations.models.message.earlier_text import EarlierText
from conversations.models.message.mention import Mention
from conversations.models.message.message import Message
from conversations.models.message.pin import Pin
from conversations.models.message.reaction import Reaction
from conversations.models.message.saved_message import SavedMessage
from conversations.models.outbox import OutboxEntry
from conversations.models.search.index import SearchIndex
from conversations.models.search.recent import RecentSearch
from conversations.models.search.vocabulary import SearchWord
from conversations.models.thread.follower import ThreadFollower

__all__ = [
    "Attachment",
    "Conversation",
    "EarlierText",
    "Event",
    "FormerMember",
    "GroupCall",
    "Invitation",
    "Membership",
    "Mention",
    "Message",
    "OutboxEntry",
    "Pin",
    "Reaction",
    "RecentSearch",
    "SavedMessage",
    "SearchIndex",
    "SearchWord",
    "ThreadFollower",
]
