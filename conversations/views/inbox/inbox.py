"""The inbox: my conversations, the last activity first; and triage, one by one or all that a filter shows."""

from datetime import datetime
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.models.limits import take
from conversations.models import Conversation, Membership
from conversations.models.inbox.bulk_read_markers import Mark
from conversations.models.inbox.inbox_filter import InboxFilter
from conversations.views.finding import find_cursor, number
from conversations.views.first_steps import steps_of
from conversations.views.showing import is_in_place

UNDO = "marks to put back"  # in the session
MOST_UNDONE = 100  # conversations; for more one is asked before


@require_safe
def inbox(request):
    """Show a page of the inbox, with `?show=` what a filter keeps of it."""
    shown = find_filter(request.GET)
    cursor = find_cursor(request, "earlier")
    page = Conversation.objects.inbox_page(request.user, shown, cursor)
    steps = [] if cursor or shown else steps_of(request, page.rows)
    context = {"inbox": page, "shown": shown, "filters": tuple(InboxFilter), "steps": steps}
    return render(request, "inbox/inbox.html", context)


def find_filter(said: QueryDict) -> InboxFilter:
    try:
        return InboxFilter(said.get("show", ""))
    except ValueError as error:
        raise Http404 from error


def read(request):
    """Mark the conversations read that are chosen, or with `all` each that the filter shows."""
    if request.method != "POST":
        return redirect("inbox")
    take("change", request.user)
    shown, is_all = find_filter(request.POST), "all" in request.POST
    mine = Conversation.objects.inbox_showing(shown, request.user) if is_all else chosen(request)
    wanted = list(mine.not_all_read(request.user).values_list("pk", flat=True))
    if is_all and len(wanted) > MOST_UNDONE and "sure" not in request.POST:
        return render(request, "inbox/mark_all_read.html", {"shown": shown, "number": len(wanted)})
    marks, moment = Membership.objects.mark_all_read(request.user, wanted)
    words = ngettext("%d conversation is read.", "%d conversations are read.", len(marks)) % len(marks)
    if is_in_place(request):
        return show_chosen(request, words)
    undo = remember(request, marks, moment)
    messages.success(request, words if marks else _("There was nothing new."), extra_tags=undo)
    return lead_back(request, shown)


def unread(request):
    """Mark the chosen conversations unread, from their newest messages on."""
    if request.method != "POST":
        return redirect("inbox")
    take("change", request.user)
    wanted = list(chosen(request).values_list("pk", flat=True))
    count = Membership.objects.mark_newest_unread(request.user, wanted)
    words = ngettext("%d conversation is unread.", "%d conversations are unread.", count) % count
    if is_in_place(request):
        return show_chosen(request, words)
    messages.success(request, words if count else _("Nothing changed."))
    return lead_back(request, find_filter(request.POST))


def restore_read_markers(request):
    """Undo the last reading of many conversations at once."""
    if request.method != "POST":
        return redirect("inbox")
    take("change", request.user)
    if kept := request.session.pop(UNDO, None):
        moment, *marks = kept
        marks = [Mark.read(*written) for written in marks]
        count = Membership.objects.restore_read_markers(request.user, marks, datetime.fromisoformat(moment))
        words = ngettext("%d conversation is unread again.", "%d conversations are unread again.", count)
        messages.success(request, words % count)
    return redirect("inbox")


def chosen(request: HttpRequest):
    """Find those of one's conversations that a form names."""
    named = [number(word) for word in request.POST.getlist("conversation")[:MOST_UNDONE]]
    return Conversation.objects.inbox_of(request.user).filter(pk__in=[pk for pk in named if pk])


def show_chosen(request: HttpRequest, words: str) -> HttpResponse:
    """Show the lines of the chosen conversations as they are now, to our script, and what was done."""
    return render(request, "inbox/_changed_entries.html", {"entries": chosen(request), "words": words})


def remember(request: HttpRequest, marks: list[Mark], moment: datetime) -> str:
    """Keep in the session what undoes this, and give the address that does; nothing where it is too much to keep."""
    if not marks or len(marks) > MOST_UNDONE:
        return ""
    request.session[UNDO] = [moment.isoformat(), *(mark.written() for mark in marks)]
    return reverse("restore-read-markers")


def lead_back(request: HttpRequest, shown: InboxFilter) -> HttpResponse:
    """Lead to the page of the inbox from which a form came."""
    place = {"show": shown.value, "earlier": request.POST.get("earlier", "")}
    query = urlencode({name: value for name, value in place.items() if value})
    return redirect(f"{reverse('inbox')}{'?' * bool(query)}{query}")
