"""Typing: a page reports that its reader is writing."""

from django.http import HttpResponse

from conversations.views.finding import find_conversation
from conversations.views.verbs import verb


@verb("conversation")
def typing(request, pk):
    find_conversation(request, pk).announce_typing(request.user)
    return HttpResponse(status=204)
