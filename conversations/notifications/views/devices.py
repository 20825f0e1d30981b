"""Devices: browsers subscribe and unsubscribe, people test them, and their service workers report back."""

from datetime import timedelta

from django.core import signing
from django.core.exceptions import PermissionDenied
from django.db.models.functions import Now
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from accounts.models import limits
from conversations.notifications.jobs import send_test
from conversations.notifications.models import Device, PushKey
from conversations.notifications.push.available import why_not
from conversations.notifications.push.encryption import AUTH_BYTES, KEY_BYTES, from_base64, read_public_key
from conversations.notifications.push.endpoints import is_allowed
from conversations.notifications.push.payload import MARK_READ, RECEIPT
from conversations.views.finding import find_message
from conversations.views.telling import tell

UNKNOWN_SERVICE = _("This site does not know the push service of your browser.")
INVALID_KEYS = _("The keys of your browser are not valid.")
TOKEN_AGE = timedelta(days=2)  # longer than any push service keeps a push


@require_POST
def subscribe(request):
    """Let the browser that asks receive pushes, or no longer; answer 422 in plain words if it can't.

    Pages report their browser `again` by themselves; 410 tells them that its person has removed it.
    """
    endpoint = request.POST.get("endpoint", "")
    if not endpoint.isprintable():
        return refuse(UNKNOWN_SERVICE)
    if "remove" in request.POST:
        Device.objects.of(request.user).filter(endpoint=endpoint).delete()
        return HttpResponse(status=204)
    if "again" in request.POST and Device.objects.was_removed(request.user, endpoint):
        return HttpResponse(status=410)
    if reason := why_not():
        return refuse(reason)
    return subscribe_to(request, endpoint) if is_allowed(endpoint) else refuse(UNKNOWN_SERVICE)


def subscribe_to(request, endpoint: str) -> HttpResponse:
    try:
        p256dh, auth = (from_base64(request.POST.get(name, "")) for name in ("p256dh", "auth"))
        read_public_key(p256dh)
    except ValueError:
        return refuse(INVALID_KEYS)
    if len(p256dh) != KEY_BYTES or len(auth) != AUTH_BYTES:
        return refuse(INVALID_KEYS)
    try:
        Device.objects.subscribe(request, endpoint, p256dh, auth, PushKey.objects.current())
    except PermissionDenied as error:
        return refuse(str(error))
    return HttpResponse(status=204)


def refuse(reason: str | Promise) -> HttpResponse:
    return HttpResponse(str(reason), "text/plain", 422)


@require_POST
def remove(request, pk):
    """Stop pushes to a browser of the reader."""
    Device.objects.of(request.user).filter(pk=pk).remove()
    tell(request, _("That browser no longer receives notifications."))
    return redirect("notification-settings")


def test(request, pk):
    """Send a push to test a browser, and show how far it gets."""
    device = Device.objects.of(request.user).filter(pk=pk).first()
    if device is None:
        tell(request, _("That subscription has ended. Turn notifications on again in that browser."))
        return redirect("notification-settings")
    if request.method == "POST":
        if device.is_being_tested:
            return redirect("test-device", pk)
        limits.take("test", request.user)
        device.row.update(tested_at=Now(), shown_at=None, answer="")
        send_test.enqueue(device.pk)
        return redirect("test-device", pk)
    answer = render(request, "notifications/test_device.html", {"device": device})
    if device.is_being_tested:
        answer["Refresh"] = "1"
    return answer


@csrf_exempt
@require_POST
def receipt(request):
    """Store that a browser has shown the push of a test; its service worker has no CSRF token, but ours of the push."""
    device = read_token(request, RECEIPT)
    Device.objects.of(request.user).filter(pk=device).update(shown_at=Now())
    return HttpResponse(status=204)


@csrf_exempt
@require_POST
def mark_read(request):
    """Mark a conversation as read up to the message of a push, as its button asks."""
    user, pk = read_token(request, MARK_READ)
    if user != request.user.pk:
        raise Http404
    message = find_message(request, pk)
    if message.in_conversation:
        message.conversation.mark_read(request.user, message)
    if message.thread_id:
        message.mark_thread_read(request.user, message)
    return HttpResponse(status=204)


def read_token(request, salt: str):
    try:
        return signing.loads(request.POST.get("token", ""), salt=salt, max_age=TOKEN_AGE)
    except signing.BadSignature as error:
        raise Http404 from error
