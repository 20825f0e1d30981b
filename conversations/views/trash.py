"""Recently deleted messages, conversations and accounts, for people who may restore them."""

from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from conversations.models import Conversation, Message
from conversations.models.account_deletion import deleted_people
from conversations.models.message.deletable import ADMIN_RESTORE_PERIOD, AUTHOR_RESTORE_PERIOD
from conversations.views.finding import find_cursor
from conversations.views.people.people import read_position
from conversations.views.telling import tell
from conversations.views.verbs import verb

PAGE_ROWS = 50


@require_safe
def deleted(request):
    """List the deleted messages that the reader may restore: their own, and as an owner or admin those of others."""
    page = Message.objects.recently_deleted(request.user).page(find_cursor(request, "earlier"), PAGE_ROWS)
    context = {
        "messages_deleted": page.rows,
        "earlier": page.next,
        "hours": AUTHOR_RESTORE_PERIOD.total_seconds() // 3600,
        "days": ADMIN_RESTORE_PERIOD.days,
    }
    return render(request, "trash/messages.html", context)


@require_safe
def conversations(request):
    """List deleted conversations and who deleted them, without titles that the reader may not see."""
    found = Conversation.objects.restorable_by(request.user).as_seen_by(request.user).select_related("deleted_by")
    page = found.page(find_cursor(request, "earlier"), PAGE_ROWS)
    context = {
        "conversations": page.rows,
        "earlier": page.next,
        "days": ADMIN_RESTORE_PERIOD.days,
        "hours": AUTHOR_RESTORE_PERIOD.days * 24,
    }
    return render(request, "trash/conversations.html", context)


@require_safe
def people(request):
    """List deleted accounts by user name."""
    after = read_position(request)
    page = deleted_people(request.user).page(after, PAGE_ROWS)
    context = {"people": page.rows, "more": page.next, "days": ADMIN_RESTORE_PERIOD.days}
    return render(request, "trash/people.html", context)


@verb("conversation")
def restore_conversation(request, pk):
    found = Conversation.objects.restorable_by(request.user).as_seen_by(request.user)
    conversation = get_object_or_404(found, pk=pk)
    conversation.restore_by(request.user)
    tell(request, _("%(name)s is restored.") % {"name": conversation.public_name})
    if conversation.is_visible_to(request.user):
        return redirect("conversation", pk)
    return redirect("trash-conversations")
