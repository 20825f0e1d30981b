"""Recently deleted: what one may still restore, and what messages said before."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from conversations.models import Message
from conversations.models.message.deleting import ADMIN_RESTORE_PERIOD, AUTHOR_RESTORE_PERIOD
from conversations.models.message.message import PAGE
from conversations.views.finding import find_conversation, find_cursor, find_message

MOST = 5 * PAGE


@require_safe
def deleted(request):
    """List what was deleted and can be restored: one's own, and for moderators what was hidden or is asked back."""
    context = {
        "gone": Message.objects.all().recently_deleted(request.user)[:MOST],
        "hours": AUTHOR_RESTORE_PERIOD.total_seconds() // 3600,
        "days": ADMIN_RESTORE_PERIOD.days,
    }
    return render(request, "trash/messages.html", context)


@require_safe
def history(request, pk):
    """Show what a message said before, to everyone who sees it: page by page, back from what it says now."""
    message, cursor = find_message(request, pk), find_cursor(request, "earlier")
    page = message.earlier_texts.newest_first().page(cursor, PAGE)
    context = {
        "message": message,
        "conversation": find_conversation(request, message.conversation_id),
        "texts": page.rows[::-1],
        "earlier": page.next,
        "is_newest": cursor is None,
    }
    return render(request, "message/edit_history.html", context)
