"""Join a conversation, leave it, and undo that."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import NotAllowed
from conversations.forms.conversations import AddPeopleForm
from conversations.models import FormerMember
from conversations.views.conversation.members import show_members
from conversations.views.finding import find_conversation
from conversations.views.telling import tell
from conversations.views.verbs import verb


@verb("conversation")
def join(request, pk):
    find_conversation(request, pk).join(request.user)
    return redirect("conversation", pk)


@verb("conversation")
def leave(request, pk):
    conversation = find_conversation(request, pk)
    try:
        conversation.leave(request.user)
    except NotAllowed as error:  # shown on the page where the reader can fix the cause
        messages.error(request, str(error))
        form = AddPeopleForm(conversation=conversation, by=request.user)
        return show_members(request, conversation, form, status=403)
    words = _("You have left %(conversation)s.") % {"conversation": conversation.name}
    tell(request, words, undo=reverse("rejoin", args=[pk]))
    return redirect("inbox")


@verb("conversation")
def rejoin(request, pk):
    """Undo leaving, even for people who can't see the conversation in the meantime, or ask its owners."""
    former = get_object_or_404(FormerMember.objects.left_recently(request.user), conversation=pk)
    if former.conversation.rejoin(request.user):
        tell(request, _("You have rejoined %(conversation)s.") % {"conversation": former.conversation.name})
        return redirect("conversation", pk)
    tell(request, _("The conversation has changed since you left, so its owners were asked to let you rejoin."))
    return redirect("inbox")
