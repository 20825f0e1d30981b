"""Live delivery: the event stream, and the change feed for browsers without a stream."""

from datetime import UTC, datetime

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.models import Visit
from accounts.models.locale import Locale
from conversations.live.frames import read_cursors
from conversations.live.subscription import StreamResponse, Subscription
from conversations.models import Conversation
from conversations.models.timeline.changes import CursorTooOld, changes_since
from conversations.text.cursors import EPOCH
from conversations.views.finding import find_conversation

NO_CURSOR = -1
MAX_OPEN_CONVERSATIONS = 50  # in one browser
CLOCK_SKEW_SECONDS = 5  # between the machines


@require_safe
@login_not_required  # a stream can't show a sign-in page
def events(request):
    """Stream events after `?conversation=7&after=4711`, both repeatable; Last-Event-ID goes before `after`."""
    if not request.user.is_authenticated:
        return HttpResponse("Sign in first.\n", status=403, content_type="text/plain")
    cursors, inbox_since = read_subscription(request)
    found = Conversation.objects.revisions_for(request.user, cursors)
    revisions = {pk: revision for pk, revision, _ in found}
    if cursors and not revisions:
        raise Http404
    wanted = {pk: cursor_or_now(cursors[pk], revision) for pk, revision in revisions.items()}
    refused = [pk for pk in cursors if pk not in revisions]
    visit, locale = Visit.of(request), Locale.of(request)
    history = {pk: since for pk, _, since in found if since}
    return StreamResponse(Subscription(visit, locale, wanted, revisions, refused, inbox_since, history))


def cursor_or_now(cursor, revision):
    """Return the cursor, or the revision if it is None; NO_CURSOR for a future one, as after restoring a backup."""
    if cursor is None:
        return revision
    return cursor if cursor <= revision else NO_CURSOR


def read_subscription(request):
    """Read {conversation: cursor or None}, and the time since which the inbox may have changed; 404 if malformed."""
    try:
        conversations = [int(word) for word in request.GET.getlist("conversation")]
        after: list[int | None] = [int(word) for word in request.GET.getlist("after")] or [None] * len(conversations)
        cursors = dict(zip(conversations, after, strict=True))
        if last := request.headers.get("Last-Event-ID"):
            cursors |= {pk: cursor for pk, cursor in read_cursors(last).items() if pk in cursors}
        inbox = float(request.GET.get("inbox") or CLOCK_SKEW_SECONDS)
        since = EPOCH if last else datetime.fromtimestamp(inbox - CLOCK_SKEW_SECONDS, UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise Http404 from error
    if len(cursors) > MAX_OPEN_CONVERSATIONS or any(
        abs(number) >= 2**63 for pair in cursors.items() for number in pair if number
    ):
        raise Http404
    return cursors, since


@require_safe
def changes(request, pk):
    """Show a page of the changes after the revision `?after=`; 410 if that cursor is too old."""
    conversation = find_conversation(request, pk)
    try:
        found = changes_since(conversation, conversation.seen_messages, int(request.GET.get("after", "")))
    except ValueError as error:
        raise Http404 from error
    except CursorTooOld:
        return render(request, "conversation/_reload.html", {"conversation": conversation}, status=410)
    return render(request, "conversation/_changes.html", {"conversation": conversation, "changes": found})
