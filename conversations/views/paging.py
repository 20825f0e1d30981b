"""Lists of conversations, page by page: each page has an address of its own."""

from accounts.models import User
from conversations.models import Conversation
from conversations.models.conversation.lists import PAGE, ConversationLists
from conversations.models.inbox.inbox_filter import InboxFilter
from conversations.text.cursors import Cursor


def page_by_activity(conversations: ConversationLists, cursor: Cursor | None = None) -> dict:
    """Query a page that begins after `cursor`: {conversations, earlier}, the latter the cursor of the next page."""
    if cursor:
        conversations = conversations.before(cursor)
    return page_of(list(conversations[: PAGE + 1]))


def inbox_page(user: User, cursor: Cursor | None = None, shown: InboxFilter = InboxFilter.ALL) -> dict:
    """Query a page of what a filter shows of somebody's inbox, as `page_by_activity` does."""
    if cursor:
        return page_by_activity(Conversation.objects.inbox_showing(shown, user), cursor)
    return page_of(list(Conversation.objects.inbox_top(user, shown)))


def page_of(found: list[Conversation]) -> dict:
    return {"conversations": found[:PAGE], "earlier": found[PAGE - 1].cursor if len(found) > PAGE else None}
