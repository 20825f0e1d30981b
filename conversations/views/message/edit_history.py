"""The edit history of a message: its earlier texts."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from conversations.models.message.message import PAGE_MESSAGES
from conversations.views.finding import find_conversation, find_cursor, find_message


@require_safe
def edit_history(request, pk):
    """Show the earlier texts of a message to everyone who sees it: page by page, the latest first."""
    message, cursor = find_message(request, pk), find_cursor(request, "earlier")
    page = message.earlier_texts.newest_first().page(cursor, PAGE_MESSAGES)
    context = {
        "message": message,
        "conversation": find_conversation(request, message.conversation_id),
        "files": list(message.own_files()),
        "texts": page.rows[::-1],
        "earlier": page.next,
        "is_newest": cursor is None,
    }
    return render(request, "message/edit_history.html", context)
