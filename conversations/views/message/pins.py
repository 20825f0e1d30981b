"""Pins: what a conversation keeps at hand."""

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models.limits import take
from conversations.forms.messages import ReasonForm
from conversations.models import Pin
from conversations.models.message.pin import MOST_PINS
from conversations.views.finding import find_conversation, find_cursor, find_message
from conversations.views.showing import is_in_place, show_message
from conversations.views.telling import tell
from conversations.views.verbs import verb


@require_safe
def pins(request, pk):
    """List what is pinned in a conversation, the last pin first."""
    conversation = find_conversation(request, pk)
    found = conversation.messages.not_deleted().with_extras().pinned_in(conversation)
    page = found.page(find_cursor(request, "earlier"), MOST_PINS)
    context = {"conversation": conversation, "messages_pinned": page.rows, "earlier": page.next}
    return render(request, "conversation/pins.html", context)


def pin(request, pk):
    """Pin a message, after asking why."""
    message = find_message(request, pk)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        take("change", request.user)
        Pin.objects.pin(request.user, message, form.cleaned_data["reason"])
        if not is_in_place(request):
            tell(request, _("The message is pinned."), undo=reverse("unpin-message", args=[pk]))
        return show_message(request, message)
    conversation = find_conversation(request, message.conversation_id)
    conversation.allow_writing(request.user)
    context = {"message": message, "conversation": conversation, "form": form}
    return render(request, "message/pin.html", context, status=422 if form.errors else 200)


@verb("message")
def unpin(request, pk):
    message = find_message(request, pk)
    Pin.objects.unpin(request.user, message)
    if is_in_place(request):
        return show_message(request, message)
    tell(request, _("The message is not pinned any more."))
    return redirect("pins", message.conversation_id)
