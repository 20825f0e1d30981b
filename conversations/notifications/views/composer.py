"""Beside the message box: how many people a message would notify."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from conversations.models.message import mentioning
from conversations.notifications.counting import count_quiet
from conversations.text.mentions import GROUPS, may_mention
from conversations.views.finding import find_conversation

MAX_ABSENT = 3


@require_safe
def notified(request, pk):
    """Show how many people a message with the text `?words=` would notify, and whom of them its author could add."""
    conversation, names = find_conversation(request, pk), may_mention(request.GET.get("words", "")[:1000])
    people = mentioning.notified_by(conversation.pk, conversation.kind, names, request.user) if names else None
    count = people.count() if people is not None else 0
    context = {
        "count": count,
        # Of groups alone: by adding a name, an author could find out about one person.
        "quiet": count_quiet(people, count) if people is not None and names <= GROUPS else 0,
        "absent": conversation.people_to_add(request.user).called(names - GROUPS)[:MAX_ABSENT] if names else [],
    }
    return render(request, "composer/_notified.html", context)
