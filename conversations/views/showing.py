"""How views show a message after a change: alone to our scripts, else by a redirect to its conversation."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from conversations.models import Message


def updates_in_place(request: HttpRequest) -> bool:
    """Return whether one of our scripts sent the request, and updates the page in place."""
    return request.headers.get("X-Requested-With") == "fetch"


def show_message(request: HttpRequest, message: Message, status: int = 200) -> HttpResponse:
    """Show a message after a change: alone to our scripts, else by a redirect to its conversation."""
    if not updates_in_place(request):
        return redirect("message", message.pk)
    shown = message.conversation.messages.with_extras().only_message(message)
    context = {"conversation": message.conversation, "posted": shown}
    return render(request, "message/_posted.html", context, status=status)
