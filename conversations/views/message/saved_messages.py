"""Saved messages: the reader's own list, and its verbs."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from conversations.models import Message
from conversations.models.message.message import PAGE_MESSAGES
from conversations.views.finding import find_cursor, find_message
from conversations.views.showing import updates_in_place
from conversations.views.telling import tell
from conversations.views.verbs import verb


@require_safe
def saved(request):
    """List the saved messages that the reader can still see: those to do or, with `?done`, those done."""
    is_done, cursor = "done" in request.GET, find_cursor(request, "earlier")
    found = Message.objects.visible_to(request.user).saved_by(request.user, done=is_done).with_extras()
    page = found.page(cursor, PAGE_MESSAGES)
    context = {"saved": page.rows, "is_done": is_done, "earlier": page.next}
    return render(request, "message/saved_messages.html", context)


@verb("message")
def save(request, pk):
    message = find_message(request, pk)
    message.save_for(request.user)
    return answer(request, _("Message saved."), undo=reverse("unsave-message", args=[pk]), to=("message", pk))


@verb("message")
def unsave(request, pk):
    message = get_object_or_404(Message.objects.including_deleted_visible_to(request.user), pk=pk)
    message.unsave_for(request.user)
    words = _("Message removed from Saved.")
    return answer(request, words, undo=reverse("save-message", args=[pk]), to=("saved",))


@verb("message")
def done(request, pk):
    message = find_message(request, pk)
    message.mark_done_for(request.user)
    return answer(request, _("Done."), undo=reverse("save-message", args=[pk]), to=("saved",))


def answer(request, words, undo, to):
    """Report what was done: to our script, else by a notice with an Undo button on the page `to`."""
    if updates_in_place(request):
        return HttpResponse(words, "text/plain")
    tell(request, words, undo=undo)
    return redirect(*to)
