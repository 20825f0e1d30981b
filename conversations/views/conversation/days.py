"""A day of a conversation, and the calendar that leads to it."""

from calendar import Calendar
from dataclasses import dataclass
from datetime import date, tzinfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from conversations.forms.days import DayForm
from conversations.models import Conversation
from conversations.models.timeline import pages
from conversations.models.timeline.pages import MessagePage
from conversations.text.days import FIRST_DAY, LAST_DAY
from conversations.views.finding import find_conversation, find_cursor

DAY_PAGE_MESSAGES = 100
SHADES = [1, 10, 30, 100]  # the least number of messages a day for each shade


class Day:
    """Converts days in URLs, such as 2024-05-03; an invalid day, or one outside the history, is 404."""

    regex = "[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, word: str) -> date:
        day = date.fromisoformat(word)
        if not FIRST_DAY <= day <= LAST_DAY:
            raise ValueError(f"days are from {FIRST_DAY} to {LAST_DAY}")
        return day

    def to_url(self, day: date | str) -> str:
        return str(day)


@dataclass(frozen=True)
class CalendarDay:
    """A square of the calendar: a day and its number of messages."""

    date: date
    messages: int

    @property
    def shade(self) -> int:
        """The darkness of the square, from 0 for no messages to len(SHADES)."""
        return sum(self.messages >= least for least in SHADES)


@require_safe
def show(request, pk, day):
    return show_day(request, find_conversation(request, pk), day, DayForm(initial={"day": day}))


@require_safe
def find(request, pk):
    """Redirect to the day that was entered, else to the last day with messages."""
    conversation, today = find_conversation(request, pk), timezone.localdate()
    form = DayForm(request.GET if "day" in request.GET else None)
    if form.is_valid():
        return redirect("day", pk, form.cleaned_data["day"])
    last = conversation.seen_messages.landmarks(today, timezone.get_current_timezone()).get("last")
    day = last.day if last else today
    return show_day(request, conversation, day, form, status=422) if form.errors else redirect("day", pk, day)


def show_day(
    request: HttpRequest, conversation: Conversation, day: date, form: DayForm, status: int = 200
) -> HttpResponse:
    zone = timezone.get_current_timezone()
    context = {"conversation": conversation, "day": day, "today": timezone.localdate(), "form": form}
    context["page"] = find_page(request, conversation, day, zone)
    context["landmarks"] = conversation.seen_messages.landmarks(day, zone)
    context["weeks"] = weeks(day, conversation.seen_messages.counts_in_month(day, zone))
    return render(request, "day/day.html", context, status=status)


def find_page(request: HttpRequest, conversation: Conversation, day: date, zone: tzinfo) -> MessagePage:
    """Find the requested page of a day; most days have only one."""
    messages = conversation.seen_messages.on_days(day, day, zone)
    if cursor := find_cursor(request, "before"):
        return pages.before(messages, cursor, DAY_PAGE_MESSAGES)
    if cursor := find_cursor(request, "after"):
        return pages.after(messages, cursor, DAY_PAGE_MESSAGES)
    return pages.oldest(messages, DAY_PAGE_MESSAGES)


def weeks(day: date, counts: dict[date, int]) -> tuple[tuple[CalendarDay | None, ...], ...]:
    """Lay the month of `day` out in weeks from Monday to Sunday, with None for days of other months."""
    return tuple(
        tuple(CalendarDay(each, counts.get(each, 0)) if each.month == day.month else None for each in week)
        for week in Calendar().monthdatescalendar(day.year, day.month)
    )
