"""Mentions: those of oneself, and whom one can mention."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from conversations.models import Message
from conversations.models.message import mention as mentioning
from conversations.models.message.message import PAGE
from conversations.text.mentions import GROUPS, may_mention
from conversations.views.finding import find_conversation, find_cursor

MOST_OFFERED = 8


@require_safe
def mentions(request):
    """List the messages that tell who looks, the last first."""
    visible = Message.objects.visible_to(request.user)
    page = visible.mentioning(request.user).with_extras().page(find_cursor(request, "earlier"), PAGE)
    return render(request, "inbox/mentions.html", {"mentions": page.rows, "earlier": page.next})


@require_safe
def mentionable(request, pk):
    """Offer whom one can mention by the beginning of a name, `?q=`, to complete it while typing."""
    conversation = find_conversation(request, pk)
    beginning = request.GET.get("q", "").replace("\0", "")[:50]
    groups = [
        {"name": name, "told": mentioning.notified_by(conversation, frozenset([name]), request.user).count()}
        for name in sorted(GROUPS)
        if name.startswith(beginning.lower())
    ]
    people = mentioning.mentionable(conversation, beginning, request.user)[: MOST_OFFERED - len(groups)]
    return render(request, "composer/_mentionable.html", {"people": people, "groups": groups})


@require_safe
def told(request, pk):
    """Say how many people a message with these `?words=` tells; nothing where it tells nobody."""
    conversation, names = find_conversation(request, pk), may_mention(request.GET.get("words", "")[:1000])
    count = mentioning.notified_by(conversation, names, request.user).count() if names else 0
    words = ngettext("This tells %(people)d person.", "This tells %(people)d people.", count) % {"people": count}
    return HttpResponse(words if count else "", content_type="text/plain")
