"""How views show a message after something was done with it: alone to our scripts, else in its place on the page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from conversations.models import Message


def is_in_place(request: HttpRequest) -> bool:
    """Tell whether one of our scripts asks, which needs the message and no page."""
    return request.headers.get("X-Requested-With") == "fetch"


def show_message(request: HttpRequest, message: Message, status: int = 200) -> HttpResponse:
    """Show a message as it is now: alone to our script, else in its place in the conversation."""
    if not is_in_place(request):
        return redirect("message", message.pk)
    shown = message.conversation.messages.with_extras().only_message(message)
    context = {"conversation": message.conversation, "posted": shown}
    return render(request, "message/_posted.html", context, status=status)
