"""Mentions: those of the reader, and the people that they can mention."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from conversations.models import Message
from conversations.models.message import mentioning
from conversations.models.message.message import PAGE_MESSAGES
from conversations.text.mentions import GROUPS, may_mention
from conversations.views.finding import find_conversation, find_cursor

MAX_OFFERED = 8


@require_safe
def mentions(request):
    """List the messages that mention the reader, the latest first."""
    visible = Message.objects.visible_to(request.user)
    page = visible.mentioning(request.user).with_extras().page(find_cursor(request, "earlier"), PAGE_MESSAGES)
    return render(request, "inbox/mentions.html", {"mentions": page.rows, "earlier": page.next})


@require_safe
def mentionable(request, pk):
    """Offer the people and groups whose name begins with `?q=`, to complete it while typing."""
    conversation = find_conversation(request, pk)
    beginning = request.GET.get("q", "").replace("\0", "")[:50]
    groups = [
        {"name": name, "notified": count_notified(conversation, frozenset([name]), request.user)}
        for name in sorted(GROUPS)
        if name.startswith(beginning.lower())
    ]
    people = mentioning.mentionable(conversation.pk, conversation.kind, beginning, request.user)
    context = {"people": people[: MAX_OFFERED - len(groups)], "groups": groups}
    return render(request, "composer/_mentionable.html", context)


@require_safe
def notified(request, pk):
    """Show how many people a message with the text `?words=` would notify; nothing if there are none."""
    conversation, names = find_conversation(request, pk), may_mention(request.GET.get("words", "")[:1000])
    count = count_notified(conversation, names, request.user) if names else 0
    words = ngettext("%(people)d person will be notified.", "%(people)d people will be notified.", count) % {
        "people": count
    }
    return HttpResponse(words if count else "", content_type="text/plain")


def count_notified(conversation, names, by):
    return mentioning.notified_by(conversation.pk, conversation.kind, names, by).count()
