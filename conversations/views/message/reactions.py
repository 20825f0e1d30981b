"""Reactions to a message: who put them there, and one's own."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render

from accounts.models.limits import take
from conversations.forms.messages import ReactionForm
from conversations.models import Reaction
from conversations.models.message.reaction import QUICK
from conversations.views.finding import find_conversation, find_message
from conversations.views.showing import is_in_place, show_message


def reactions(request, pk):
    """Show who reacted how; put one's own emoji there, or take it away again."""
    message = find_message(request, pk)
    form = ReactionForm(request.POST or None)
    if form.is_valid():
        take("change", request.user)
        try:
            change = Reaction.objects.unreact if form.cleaned_data["remove"] else Reaction.objects.react
            change(request.user, message, form.cleaned_data["emoji"])
        except PermissionDenied as error:
            if is_in_place(request):
                return HttpResponse(str(error), "text/plain", 403)
            form.add_error("emoji", str(error))
        else:
            return show_message(request, message) if is_in_place(request) else redirect("reactions", pk)
    context = {
        "message": message,
        "conversation": find_conversation(request, message.conversation_id),
        "reactions": message.reactions.in_order(),
        "form": form,
        "quick_reactions": QUICK,
    }
    return render(request, "message/reactions.html", context, status=422 if form.errors else 200)
