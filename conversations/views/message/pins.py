"""Pins: messages at the top of a conversation."""

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from conversations.forms.messages import ReasonForm
from conversations.models.message.pin import MAX_PINS
from conversations.views.finding import find_conversation, find_cursor, find_message
from conversations.views.showing import show_message, updates_in_place
from conversations.views.telling import tell
from conversations.views.verbs import verb


@require_safe
def pins(request, pk):
    """List the pinned messages of a conversation, the last pin first."""
    conversation = find_conversation(request, pk)
    found = conversation.seen_messages.not_deleted().with_extras().pinned()
    page = found.page(find_cursor(request, "earlier"), MAX_PINS)
    context = {"conversation": conversation, "messages_pinned": page.rows, "earlier": page.next}
    return render(request, "conversation/pins.html", context)


def pin(request, pk):
    """Pin a message, after asking why."""
    message = find_message(request, pk)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        message.pin(request.user, form.cleaned_data["reason"])
        if not updates_in_place(request):
            tell(request, _("Message pinned."), undo=reverse("unpin-message", args=[pk]))
        return show_message(request, message)
    conversation = find_conversation(request, message.conversation_id)
    conversation.allow_writing(request.user)
    context = {"message": message, "conversation": conversation, "form": form}
    return render(request, "message/pin.html", context, status=422 if form.errors else 200)


@verb("message")
def unpin(request, pk):
    message = find_message(request, pk)
    message.unpin(request.user)
    if updates_in_place(request):
        return show_message(request, message)
    tell(request, _("Message unpinned."))
    return redirect("pins", message.conversation_id)
