"""Reactions to a message: those of everyone, and the reader's own."""

from django.http import HttpResponse
from django.shortcuts import redirect, render

from accounts.models import NotAllowed
from conversations.forms.messages import ReactionForm
from conversations.models.message.reaction import QUICK
from conversations.views.finding import find_conversation, find_message, parse_id
from conversations.views.showing import show_message, updates_in_place

PAGE_REACTIONS = 200


def reactions(request, pk):
    """Show the reactions of everyone; add an emoji, or remove it."""
    message = find_message(request, pk)
    form = ReactionForm(request.POST or None)
    if form.is_valid():
        change = message.unreact if form.cleaned_data["remove"] else message.react
        try:
            change(request.user, form.cleaned_data["emoji"])
        except NotAllowed as error:
            if updates_in_place(request):
                return HttpResponse(str(error), "text/plain", 403)
            form.add_error("emoji", str(error))
        else:
            return show_message(request, message) if updates_in_place(request) else redirect("reactions", pk)
    page = message.reactions.by_emoji().page(find_place(request), PAGE_REACTIONS)
    context = {
        "message": message,
        "conversation": find_conversation(request, message.conversation_id),
        "mine": message.reactions.of(request.user).by_emoji(),
        "reactions": page.rows,
        "next": page.next,
        "form": form,
        "quick_reactions": QUICK,
    }
    return render(request, "message/reactions.html", context, status=422 if form.errors else 200)


def find_place(request):
    """Read where the page of reactions begins: after the emoji `?emoji=` of the person `?after=`, by id."""
    user = parse_id(request.GET.get("after", ""))
    return None if user is None else (request.GET.get("emoji", "").replace("\0", ""), user)
