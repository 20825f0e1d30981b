"""Mentions: those of the reader, and the people and conversations that they can name in a message."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from conversations.forms.picking import words_of
from conversations.models import Conversation, Message
from conversations.models.message import mentioning
from conversations.models.message.message import PAGE_MESSAGES
from conversations.text.mentions import GROUPS
from conversations.views.finding import find_conversation, find_cursor

MAX_OFFERED = 8


@require_safe
def mentions(request):
    """List the messages that mention the reader, the latest first."""
    visible, after = Message.objects.visible_to(request.user), find_cursor(request, "earlier")
    found = visible.mentioning(request.user, after, PAGE_MESSAGES + 1).with_extras()
    page = found.first_page(PAGE_MESSAGES, after=after)
    return render(request, "inbox/mentions.html", {"mentions": page.rows, "earlier": page.next})


@require_safe
def mentionable(request, pk):
    """Offer the people and groups whose name begins with `?q=`, to complete it while typing."""
    conversation = find_conversation(request, pk)
    beginning = read_typed(request)
    groups = [
        {"name": name, "notified": count_notified(conversation, frozenset([name]), request.user)}
        for name in sorted(GROUPS)
        if name.startswith(beginning.lower())
    ]
    room = MAX_OFFERED - len(groups)
    people = list(mentioning.mentionable(conversation.pk, conversation.kind, beginning, request.user)[:room])
    if beginning and len(people) < room:
        outside = conversation.people_to_add(request.user)
        people += mentioning.addable(outside, conversation.pk, conversation.kind, beginning)[: room - len(people)]
    return render(request, "composer/_mentionable.html", {"people": people, "groups": groups})


@require_safe
def linkable(request, pk):
    """Offer the conversations with the words of `?q=` in their titles, to link to them; without words, recent ones."""
    find_conversation(request, pk)
    words = words_of(read_typed(request))
    reader = request.user
    seen = Conversation.objects.visible_to(request.user).not_direct()
    found = seen.quick_switcher_matches(reader, words) if words else seen.quick_switcher_recent(reader, None)
    return render(request, "composer/_linkable.html", {"conversations": found[:MAX_OFFERED]})


def read_typed(request) -> str:
    return request.GET.get("q", "").replace("\0", "")[:50]


def count_notified(conversation, names, by):
    return mentioning.notified_by(conversation.pk, conversation.kind, names, by).count()
