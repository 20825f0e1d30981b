"""Reports: messages by person and day, and silent people. Both count only messages that the reader may see."""

from datetime import timedelta
from typing import Any

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from conversations.forms.reports import ActivityForm, SilenceForm
from conversations.models import Message
from conversations.models.timeline.reporting import reporting
from conversations.reports import activity_chart

DAYS_SHOWN = 14
DAYS_OF_SILENCE = 30
MAX_ROWS = 1000
PEOPLE_ON_A_PAGE = 50


@require_safe
def activity(request):
    messages = Message.objects.reported_to(request.user)
    today = timezone.localdate()
    form = ActivityForm(request.GET or {"since": today - timedelta(days=DAYS_SHOWN - 1), "until": today})
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        days, zone = form.cleaned_data, timezone.get_current_timezone()
        with reporting(request.user):
            counts = list(messages.counts_per_day(days["since"], days["until"], zone))
        context |= {"rows": counts[:MAX_ROWS], "is_cut": len(counts) > MAX_ROWS}
        context["total"] = sum(row["messages"] for row in counts)
        context["chart"] = activity_chart(counts, days["since"], days["until"])
    return render(request, "reports/activity.html", context)


@require_safe
def silent(request):
    messages = Message.objects.reported_to(request.user)
    form = SilenceForm({"days": DAYS_OF_SILENCE} | request.GET.dict())
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        since = timezone.now() - timedelta(days=form.cleaned_data["days"])
        people = messages.silent_people(since)
        with reporting(request.user):
            page = people.page(form.cleaned_data["after"], PEOPLE_ON_A_PAGE)
        context |= {"people": page.rows, "more": page.next}
    return render(request, "reports/silent.html", context)
