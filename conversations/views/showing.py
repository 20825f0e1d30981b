"""How views show a message after a change: alone to our scripts, else by a redirect to its conversation."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.models.visit import signed_in_user
from conversations.models import Message


def updates_in_place(request: HttpRequest) -> bool:
    """Return whether one of our scripts sent the request, and updates the page in place."""
    return request.headers.get("X-Requested-With") == "fetch"


def show_message(request: HttpRequest, message: Message, status: int = 200) -> HttpResponse:
    """Show a message after a change: alone to our scripts, else by a redirect to its conversation."""
    if not updates_in_place(request):
        return redirect("message", message.pk)
    shown = Message.objects.including_deleted_visible_to(signed_in_user(request)).with_extras().with_id(message.pk)
    context = {"conversation": message.conversation, "posted": shown}
    return render(request, "message/_posted.html", context, status=status)
