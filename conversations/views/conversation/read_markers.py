"""Read markers: up to where the reader has seen a conversation."""

from django.shortcuts import get_object_or_404, redirect

from conversations.forms.messages import ReadMarkerForm
from conversations.views.finding import find_conversation
from conversations.views.verbs import verb


@verb("conversation")
def read(request, pk):
    """Move the read marker up to the message that the page showed last."""
    conversation, form = find_conversation(request, pk), ReadMarkerForm(request.POST)
    message = get_object_or_404(
        conversation.seen_messages, pk=form.cleaned_data["message"] if form.is_valid() else None
    )
    conversation.mark_read(request.user, message)
    return redirect("conversation", pk)
