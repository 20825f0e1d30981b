"""What was deleted lately, and who may bring it back."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import User
from conversations.models import Conversation, Message
from conversations.models.message.deletable import ADMIN_RESTORE_PERIOD, AUTHOR_RESTORE_PERIOD
from conversations.views.verbs import verb

SHOWN = 100


@require_safe
def deleted(request):
    """List the deleted messages that the reader may restore: their own, and as an owner or admin those of others."""
    context = {
        "messages_deleted": Message.objects.recently_deleted(request.user)[:SHOWN],
        "hours": AUTHOR_RESTORE_PERIOD.total_seconds() // 3600,
        "days": ADMIN_RESTORE_PERIOD.days,
    }
    return render(request, "trash/messages.html", context)


@require_safe
def conversations(request):
    """List deleted conversations, with who deleted them: those of others without what they are called or say."""
    found = Conversation.objects.restorable_by(request.user).as_seen_by(request.user)
    found = found.select_related("deleted_by").order_by("-deleted_at")
    context = {
        "conversations": found[:SHOWN],
        "days": ADMIN_RESTORE_PERIOD.days,
        "hours": AUTHOR_RESTORE_PERIOD.days * 24,
    }
    return render(request, "trash/conversations.html", context)


@require_safe
def people(request):
    """List deleted accounts, for who may bring them back."""
    if not request.user.is_staff:
        raise PermissionDenied(_("Only owners and admins see who was deleted."))
    context = {"people": User.objects.recently_deleted()[:SHOWN], "days": ADMIN_RESTORE_PERIOD.days}
    return render(request, "trash/people.html", context)


@verb("conversation")
def restore_conversation(request, pk):
    found = Conversation.objects.restorable_by(request.user).as_seen_by(request.user)
    conversation = get_object_or_404(found, pk=pk)
    conversation.restore_by(request.user)
    messages.success(request, _("%(name)s is back.") % {"name": conversation.public_name})
    if Conversation.objects.visible_to(request.user).filter(pk=pk).exists():
        return redirect("conversation", pk)
    return redirect("trash-conversations")
