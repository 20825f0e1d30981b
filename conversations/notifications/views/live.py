"""What open pages request: the notice of a message, and a delay while the reader looks at a conversation."""

from datetime import timedelta

from django.db.models.functions import Now
from django.http import Http404, HttpResponse, JsonResponse
from django.views.decorators.http import require_POST, require_safe

from conversations.notifications.models import Hold, Notification, NotificationDelivery
from conversations.notifications.push.notices import notice_for
from conversations.views.finding import find_conversation

LOOKING = timedelta(seconds=30)


@require_safe
def notice(request, pk):
    """Return the notice that a page without push shows for a message; 204 if the reader has read it by now."""
    notified = Notification.objects.of(request.user, pk)
    if notified is None:
        raise Http404
    found = notice_for(notified)
    return HttpResponse(status=204) if found is None else JsonResponse(found)


@require_POST
def looking(request, pk):
    """Postpone the push of a conversation that its reader is looking at, once: they may read it soon."""
    find_conversation(request, pk)
    waiting = NotificationDelivery.objects.waiting().over("push").filter(user=request.user, conversation=pk)
    waiting.filter(claimed_until=None, hold=Hold.NOTHING).update(due_at=Now() + LOOKING, hold=Hold.LOOKING)
    return HttpResponse(status=204)
