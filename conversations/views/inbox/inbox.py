"""The inbox: the reader's conversations, the most recently active first, alone or with one of them beside it."""

from django.http import Http404, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from conversations.models import Conversation
from conversations.models.inbox.inbox_filter import InboxFilter
from conversations.views import unsent
from conversations.views.conversation.conversations import first_unread_address, show_conversation
from conversations.views.finding import find_conversation, find_cursor
from conversations.views.first_steps import steps_of

ALL = "all"  # the name of InboxFilter.ALL in addresses


@require_safe
def inbox(request):
    """Show a page of the inbox, with `?show=` one of its filters."""
    if request.GET.get("show") == "mentions":  # an address of earlier releases
        return redirect("mentions")
    shown = find_filter(request.GET)
    context = find_list(request, shown)
    is_first = not shown and "earlier" not in request.GET
    context["steps"] = steps_of(request, context["inbox"].rows) if is_first else []
    return render(request, "inbox/inbox.html", context)


@require_safe
def beside(request, show, pk):
    """Show a page of the inbox with one conversation beside it, where the screen is wide enough."""
    shown = find_filter({"show": "" if show == ALL else show})
    conversation = find_conversation(request, pk, to_read=True)
    if "unread" in request.GET:
        return redirect(first_unread_address(conversation, request.path))
    form = unsent.form_for(request, conversation)
    return show_conversation(request, conversation, form, inbox=find_list(request, shown))


def find_list(request, shown: InboxFilter) -> dict:
    """Find a page of a filter of the inbox; `beside` is the address of its conversations, up to their id."""
    page = Conversation.objects.inbox_page(request.user, shown, find_cursor(request, "earlier"))
    place = reverse("inbox-beside", args=[shown.value or ALL, 0]).removesuffix("0/")
    return {"inbox": page, "shown": shown, "filters": tuple(InboxFilter), "beside": place}


def find_filter(form: QueryDict | dict[str, str]) -> InboxFilter:
    try:
        return InboxFilter(form.get("show", ""))
    except ValueError as error:
        raise Http404 from error
