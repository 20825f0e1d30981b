"""Start a conversation, or browse the open ones."""

from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from conversations.forms.conversations import NewConversationForm
from conversations.models import Conversation
from conversations.models.browsing import PAGE_BROWSED, BrowseOrder
from conversations.text.cursors import Cursor
from conversations.views.finding import find_cursor, parse_id
from conversations.views.people.people import read_list


def new(request):
    """Start a conversation; `?kind=` and `?people=` say with what the form begins."""
    if request.method == "POST":
        form = NewConversationForm(request.POST, by=request.user)
        if form.is_valid():
            return redirect("conversation", form.start().pk)
    else:
        form = NewConversationForm(by=request.user, initial=request.GET.dict())
    return render(request, "conversation/new.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
def browse(request):
    """List the open conversations by `?by=`; `?q=` finds them by parts of title and topic."""
    words, order, _after = read_list(request, BrowseOrder)
    found = Conversation.objects.to_browse(request.user, words, order)
    page = found.page(find_position(request, order), PAGE_BROWSED)
    context = {"conversations": page.rows, "earlier": page.next, "orders": BrowseOrder, "order": order}
    context["today"] = timezone.localdate()
    return render(request, "conversation/browse.html", context)


def find_position(request, order: str) -> Cursor | int | str | None:
    """Read the position in `?earlier=`, which each order writes in its own way."""
    word = request.GET.get("earlier", "").replace("\0", "")
    if order == BrowseOrder.NAME:
        return word or None
    return parse_id(word) if order == BrowseOrder.MEMBERS else find_cursor(request, "earlier")
