"""Lists of conversations, page by page: each page has an address of its own."""

from django.http import HttpRequest

from conversations.models.conversation import PAGE, ConversationQuerySet
from conversations.views.finding import find_cursor


def page_by_activity(request: HttpRequest, conversations: ConversationQuerySet) -> dict:
    """Query the page that `?earlier=` asks for: {conversations, earlier}, the latter the cursor of the next page."""
    if cursor := find_cursor(request, "earlier"):
        conversations = conversations.before(cursor)
    found = list(conversations[: PAGE + 1])
    return {"conversations": found[:PAGE], "earlier": found[PAGE - 1].cursor if len(found) > PAGE else None}
