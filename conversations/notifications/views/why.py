"""Why somebody was notified of a message, or why not; and the one button that changes that."""

from zoneinfo import ZoneInfo

from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from conversations.models.conversation.membership import Notify
from conversations.notifications.counting import counts_for_author
from conversations.notifications.explaining import explain, reason_now
from conversations.notifications.hours import next_quiet
from conversations.notifications.models import Notification, NotificationSettings, Reason
from conversations.views.finding import find_message
from conversations.views.telling import tell


def show(request, pk):
    """Explain, or change the rule that the reader chose."""
    message = find_message(request, pk)
    if request.method == "POST":
        change(request, message, request.POST.get("change", ""))
        return redirect("why", pk)
    context = {
        "message": message,
        "why": explain(request.user, message),
        "counts": counts_for_author(message) if message.user_id == request.user.pk else None,
    }
    return render(request, "notifications/why.html", context)


def change(request, message, word: str) -> None:
    """Change one rule; the words are those of `explaining.CHANGES`."""
    reader, chosen = request.user, NotificationSettings.objects.of(request.user)
    notified = Notification.objects.of(reader, message.pk)
    reason = notified.reason if notified else reason_now(reader, message) or ""
    match word:
        case "unmute" | "unwatch":
            message.conversation.set_notify(reader, Notify.ALL)
        case "follow":
            message.follow_thread(reader)
        case "mute-thread":
            message.mute_thread(reader)
        case "switch-on":
            off = {name: without(getattr(chosen, name), reason) for name in ("push_off", "mail_off")}
            chosen.change(reader, **off)
        case "switch-off" if reason:
            off = {name: with_reason(getattr(chosen, name), reason) for name in ("push_off", "mail_off")}
            chosen.change(reader, **off)
        case "resume":
            chosen.change(reader, paused_until=None)
        case "unquiet":
            quiet = next_quiet(chosen.quiet, ZoneInfo(reader.time_zone), timezone.now())
            chosen.change(reader, unquiet_until=quiet.end if quiet else None)
        case _:
            return
    tell(request, _("Saved."))


def with_reason(reasons: list[str], reason: str) -> list[str]:
    """Add a reason in the order of all, so that saving the form does not look like a change."""
    return [str(each) for each in Reason if each in {*reasons, reason}]


def without(reasons: list[str], reason: str) -> list[str]:
    return [each for each in reasons if each != reason]
