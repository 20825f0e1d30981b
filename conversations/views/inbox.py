"""The inbox: my conversations, the last activity first."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from conversations.views.finding import find_cursor
from conversations.views.first_steps import steps_of
from conversations.views.paging import inbox_page


@require_safe
def inbox(request):
    cursor = find_cursor(request, "earlier")
    page = inbox_page(request.user, cursor)
    steps = [] if cursor else steps_of(request, page["conversations"])
    return render(request, "conversations/inbox.html", {"inbox": page, "steps": steps})
