"""The threads that the reader follows."""

from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from conversations.models import ThreadFollower
from conversations.models.thread.lists import followed_threads
from conversations.views.finding import find_cursor
from conversations.views.telling import tell


@require_safe
def threads(request):
    """List the threads that the reader follows, the unread ones first."""
    page = followed_threads(request.user, find_cursor(request, "earlier"))
    has_unread = any(thread.first.is_unread for thread in page.rows)
    context = {"threads": page.rows, "earlier": page.next, "has_unread": has_unread, "today": timezone.localdate()}
    return render(request, "inbox/threads.html", context)


def read_all(request):
    """Mark all threads as read; after a sign-in, redirect to them."""
    if request.method != "POST":
        return redirect("threads")
    ThreadFollower.objects.mark_all_read(request.user)
    tell(request, _("All threads are marked as read."))
    return redirect("threads")
