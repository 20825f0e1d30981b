"""Lists of conversations, page by page: each page has an address of its own."""

from conversations.cursors import Cursor
from conversations.models.conversation_lists import PAGE, ConversationLists


def page_by_activity(conversations: ConversationLists, cursor: Cursor | None = None) -> dict:
    """Query a page that begins after `cursor`: {conversations, earlier}, the latter the cursor of the next page."""
    if cursor:
        conversations = conversations.before(cursor)
    found = list(conversations[: PAGE + 1])
    return {"conversations": found[:PAGE], "earlier": found[PAGE - 1].cursor if len(found) > PAGE else None}
