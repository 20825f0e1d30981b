"""Typing: what a page says while somebody writes on it."""

from django.http import HttpResponse

from conversations.models.conversation.typing import announce_typing
from conversations.views.finding import find_conversation
from conversations.views.verbs import verb


@verb("conversation", limit="type")
def typing(request, pk):
    announce_typing(find_conversation(request, pk), request.user)
    return HttpResponse(status=204)
