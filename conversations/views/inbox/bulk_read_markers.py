"""Mark many conversations read or unread at once: selected ones, or all that a filter shows."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.views.returning import go_back
from conversations.models import Conversation
from conversations.models.conversation.lists import ConversationLists
from conversations.models.inbox.bulk_read_markers import BulkRead
from conversations.models.inbox.inbox_filter import InboxFilter
from conversations.views.finding import parse_id
from conversations.views.inbox.inbox import find_filter
from conversations.views.showing import updates_in_place
from conversations.views.telling import tell

UNDO = "marks to put back"  # in the session
MAX_UNDONE = 100  # conversations; reading more needs a confirmation


def read(request):
    """Mark the selected conversations as read, or with `all` every conversation that the filter shows."""
    if request.method != "POST":
        return redirect("inbox")
    shown, is_all = find_filter(request.POST), "all" in request.POST
    mine = Conversation.objects.inbox_showing(request.user, shown) if is_all else chosen(request)
    wanted = list(mine.not_all_read(request.user).values_list("pk", flat=True))
    if is_all and len(wanted) > MAX_UNDONE and "sure" not in request.POST:
        return render(request, "inbox/mark_all_read.html", {"shown": shown, "number": len(wanted)})
    done = Conversation.objects.mark_all_read(request.user, wanted)
    count = len(done.markers)
    words = ngettext("%d conversation marked as read.", "%d conversations marked as read.", count) % count
    if updates_in_place(request):
        return show_chosen(request, words)
    tell(request, words if count else _("There was nothing new."), undo=remember(request, done))
    if "stay" in request.POST:  # the menu of a conversation, on any page
        return go_back(request, "inbox")
    return redirect_back(request, shown)


def unread(request):
    """Mark the selected conversations as unread, from their newest messages on."""
    if request.method != "POST":
        return redirect("inbox")
    wanted = list(chosen(request).values_list("pk", flat=True))
    count = Conversation.objects.mark_newest_unread(request.user, wanted)
    words = ngettext("%d conversation marked as unread.", "%d conversations marked as unread.", count) % count
    if updates_in_place(request):
        return show_chosen(request, words)
    tell(request, words if count else _("Nothing changed."))
    return redirect_back(request, find_filter(request.POST))


def restore(request):
    """Undo the last change that marked many conversations as read."""
    if request.method == "POST" and (stored := request.session.pop(UNDO, None)):
        count = Conversation.objects.restore_read_markers(request.user, BulkRead.from_json(stored))
        words = ngettext("%d conversation marked as unread again.", "%d conversations marked as unread again.", count)
        tell(request, words % count)
    return redirect("inbox")


def chosen(request) -> ConversationLists:
    """Find those of the reader's conversations that a form names."""
    named = [parse_id(word) for word in request.POST.getlist("conversation")[:MAX_UNDONE]]
    return Conversation.objects.inbox_of(request.user).with_ids([pk for pk in named if pk])


def show_chosen(request, words: str) -> HttpResponse:
    """Send the current entries of the selected conversations to our script, with a notice of what was done."""
    return render(request, "inbox/_changed_entries.html", {"entries": chosen(request), "words": words})


def remember(request, done: BulkRead) -> str:
    """Store in the session how to undo this, and return the URL that does; '' if it is too much to store."""
    if not 0 < len(done.markers) <= MAX_UNDONE:
        return ""
    request.session[UNDO] = done.as_json()
    return reverse("restore-read-markers")


def redirect_back(request, shown: InboxFilter) -> HttpResponse:
    """Redirect to the page of the inbox from which a form came."""
    place = {"show": shown.value, "earlier": request.POST.get("earlier", "")}
    query = urlencode({name: value for name, value in place.items() if value})
    return redirect(f"{reverse('inbox')}{'?' * bool(query)}{query}")
