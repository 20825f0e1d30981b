"""Recently deleted: what one may still restore, and what messages said before."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from conversations.models import Message
from conversations.models.deleting import AUTHORS_TIME, MODERATORS_TIME
from conversations.models.message import PAGE
from conversations.views.finding import find_conversation, find_message

MOST = 5 * PAGE


@require_safe
def deleted(request):
    """List what was deleted and can be restored: one's own, and for moderators what was hidden or is asked back."""
    context = {
        "gone": Message.objects.all().recently_deleted(request.user)[:MOST],
        "hours": AUTHORS_TIME.total_seconds() // 3600,
        "days": MODERATORS_TIME.days,
    }
    return render(request, "conversations/deleted.html", context)


@require_safe
def history(request, pk):
    """Show what a message said before, to everyone who sees it."""
    message = find_message(request, pk)
    conversation = find_conversation(request, message.conversation_id)
    return render(request, "conversations/history.html", {"message": message, "conversation": conversation})
