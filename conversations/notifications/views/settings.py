"""Settings → Notifications: what a person is notified of, over which channels, and when not."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from conversations.notifications.forms import NotificationForm
from conversations.notifications.hours import next_quiet
from conversations.notifications.hours_in_words import preview
from conversations.notifications.mail.digest_courier import schedule
from conversations.notifications.models import Device, NotificationSettings
from conversations.notifications.push.available import why_not
from conversations.notifications.wall_clock import until_tomorrow
from conversations.views.telling import tell

MAX_PAUSE = timedelta(days=366)
ONE_HOUR = timedelta(hours=1)


def show(request):
    """Show the settings, or save them."""
    chosen = NotificationSettings.objects.of(request.user)
    form = NotificationForm(request.POST or None, chosen=chosen, reader=request.user)
    if request.method == "POST" and form.is_valid():
        chosen.change(request.user, **form.values())
        schedule(request.user)
        request.user.sound = form.cleaned_data["sound"]
        request.user.change_profile(["sound"])
        tell(request, _("Saved."))
        return redirect("notification-settings")
    hours = chosen.hours_in(request.user.time_zone)
    context = {
        "form": form,
        "chosen": chosen,
        "devices": Device.objects.of(request.user),
        "push_off": why_not(),
        "push_services": sorted(settings.PUSH_SERVICES),
        "is_refused": chosen.is_refused(request.user.email),
        "preview": preview(hours, timezone.now()),
        "is_paused": chosen.paused_until and chosen.paused_until > timezone.now(),
        "has_quiet_tonight": is_quiet_soon(chosen, request.user.time_zone),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "notifications/settings.html", context, status=status)


def is_quiet_soon(chosen: NotificationSettings, zone: str) -> bool:
    """Return whether there is something to lift: quiet that holds now or within a day."""
    now = timezone.now()
    quiet = next_quiet(chosen.quiet, ZoneInfo(zone), now)
    lifted = chosen.unquiet_until and quiet and chosen.unquiet_until >= quiet.end
    return bool(quiet and quiet.start < now + timedelta(days=1) and not lifted)


@require_POST
def pause(request):
    """Pause all notifications for a while, resume them, or lift the next quiet hours."""
    chosen = NotificationSettings.objects.of(request.user)
    zone = ZoneInfo(request.user.time_zone)
    match request.POST.get("until", ""):
        case "now":
            chosen.change(request.user, paused_until=None)
            tell(request, _("You are notified again."))
        case "unquiet":
            quiet = next_quiet(chosen.quiet, zone, timezone.now())
            chosen.change(request.user, unquiet_until=quiet.end if quiet else None)
            tell(request, _("The next quiet hours are skipped."))
        case word:
            if until := end_of_pause(word, zone):
                chosen.change(request.user, paused_until=until)
                tell(request, _("Notifications are paused. New ones will arrive when the pause ends."))
            else:
                messages.error(request, _("Choose a time in the future, at most a year from now."))
    return redirect("notification-settings")


@require_POST
def mail_again(request):
    """Send mail again to an address that refused it."""
    NotificationSettings.objects.of(request.user).change(request.user, refused_on=[])
    tell(request, _("You will get mail again."))
    return redirect("notification-settings")


def end_of_pause(word: str, zone: ZoneInfo) -> datetime | None:
    """Return when a pause ends: "hour", "tomorrow", or a time in the zone of the person; None for any other."""
    now = timezone.now()
    if word == "hour":
        return now + ONE_HOUR
    if word == "tomorrow":
        return until_tomorrow(zone, now)
    try:
        found = parse_datetime(word)
    except ValueError:
        found = None
    until = found.replace(tzinfo=found.tzinfo or zone) if found else now
    if not now < until < now + MAX_PAUSE:
        return None
    return until
