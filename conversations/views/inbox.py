"""The inbox: my conversations, the last activity first."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from conversations.views.finding import find_cursor
from conversations.views.paging import inbox_page


@require_safe
def inbox(request):
    page = inbox_page(request.user, find_cursor(request, "earlier"))
    return render(request, "conversations/inbox.html", {"inbox": page})
