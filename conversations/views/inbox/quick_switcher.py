"""The quick switcher: go to a conversation or a person by a few letters of the name."""

import re

from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.models import User
from conversations.models import Conversation

MAX_OFFERED, MAX_LISTED = 9, 50
MAX_WORDS = 5
MAX_CHARACTERS = 100


@require_safe
def show(request):
    """List the matches of `?q=`, for browsers without our script."""
    return render(request, "inbox/quick_switcher.html", find_targets(request, MAX_LISTED))


@require_safe
def offers(request):
    """Suggest matches of `?q=` while it is typed; if it is empty, the reader's most recent conversations."""
    return render(request, "inbox/_quick_switcher_results.html", find_targets(request, MAX_OFFERED))


def find_targets(request, most: int) -> dict:
    """Find conversations, and people with whom the reader has no direct one, by parts of their names."""
    typed = request.GET.get("q", "")[:MAX_CHARACTERS].replace("\0", "")
    words = [word for word in re.split(r"\s+[#@]*", f" {typed}") if word][:MAX_WORDS]
    seen = Conversation.objects.visible_to(request.user)
    conversations = list(seen.quick_switcher_matches(request.user, words)[:most])
    known = Conversation.objects.quick_switcher_people(request.user, words) if words else User.objects.none()
    people = known[: most - len(conversations)]
    return {"typed": typed, "conversations": conversations, "people": people}
