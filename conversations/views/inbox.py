"""The inbox: my conversations, the last activity first."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from conversations.models import Conversation
from conversations.views.finding import find_cursor
from conversations.views.paging import page_by_activity


@require_safe
def inbox(request):
    mine = Conversation.objects.inbox_of(request.user)
    return render(
        request, "conversations/inbox.html", {"inbox": page_by_activity(mine, find_cursor(request, "earlier"))}
    )
