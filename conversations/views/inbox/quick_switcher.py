"""Going to a conversation or a person by a few letters of the name."""

import re

from django.http import HttpRequest
from django.shortcuts import render
from django.views.decorators.http import require_safe

from conversations.models import Conversation
from conversations.models.inbox.quick_switcher import quick_switcher_people

MOST_OFFERED, MOST_LISTED = 9, 50
MOST_WORDS = 5


@require_safe
def go(request):
    """List where `?q=` may lead, for who has no script."""
    return render(request, "inbox/quick_switcher.html", places_for(request, MOST_LISTED))


@require_safe
def offers(request):
    """Offer where the letters `?q=` may lead, while they are typed; without any, where one was lately."""
    return render(request, "inbox/_quick_switcher_results.html", places_for(request, MOST_OFFERED))


def places_for(request: HttpRequest, most: int) -> dict:
    """Find conversations, and the people whom one has no direct one with, by parts of their names."""
    typed = request.GET.get("q", "")[:100].replace("\0", "")
    words = [word for word in re.split(r"\s+[#@]*", f" {typed}") if word][:MOST_WORDS]
    seen = Conversation.objects.visible_to(request.user)
    conversations = list(seen.quick_switcher_matches(request.user, words)[:most])
    people = quick_switcher_people(request.user, words)[: most - len(conversations)] if words else []
    return {"typed": typed, "conversations": conversations, "people": people}
