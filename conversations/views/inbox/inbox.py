"""The inbox: the reader's conversations, the most recently active first."""

from django.http import Http404, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe

from conversations.models import Conversation
from conversations.models.inbox.inbox_filter import InboxFilter
from conversations.views.finding import find_cursor
from conversations.views.first_steps import steps_of


@require_safe
def inbox(request):
    """Show a page of the inbox, with `?show=` one of its filters."""
    shown = find_filter(request.GET)
    cursor = find_cursor(request, "earlier")
    page = Conversation.objects.inbox_page(request.user, shown, cursor)
    steps = [] if cursor or shown else steps_of(request, page.rows)
    context = {"inbox": page, "shown": shown, "filters": tuple(InboxFilter), "steps": steps}
    return render(request, "inbox/inbox.html", context)


def find_filter(form: QueryDict) -> InboxFilter:
    try:
        return InboxFilter(form.get("show", ""))
    except ValueError as error:
        raise Http404 from error
