"""The quick switcher: jump to a conversation or a person by a few letters of the name, or search messages."""

import re

from django.db import OperationalError
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models.limits import LimitReached
from accounts.models.user.name_matching import BEGINNING
from accounts.typos import may_have_typo
from conversations.forms.picking import MAX_CHARACTERS, words_of
from conversations.models import Conversation
from conversations.search.engine import Search, is_too_slow
from conversations.search.plan import Reader
from conversations.search.query import read
from conversations.search.views import complete
from conversations.views.finding import parse_id

MAX_OFFERED, MAX_LISTED = 6, 25  # of each group
MAX_RECENT, MAX_UNREAD = 30, 9
MAX_MESSAGES = 3
UNFINISHED = re.compile(r"(?:^|\s)-?((?:from|in|mentions):[\"“„«]?[^\s\"“”„«»]{0,60})$", re.IGNORECASE)
OPERATOR = re.compile(r"(?:^|\s)-?(?:from|in|mentions|has|is|before|after|on|during):", re.IGNORECASE)


@require_safe
def show(request):
    """List the matches of `?q=`, for browsers without our script."""
    typed = typed_in(request)
    context = find_targets(request, typed, MAX_LISTED) | {"messages_found": find_messages(request, typed)}
    return render(request, "inbox/quick_switcher.html", context)


@require_safe
def offers(request):
    """Suggest matches of `?q=` while it is typed; if it is empty, unread and recent conversations but `?here=`."""
    context = find_targets(request, typed_in(request), MAX_OFFERED) | {"are_options": True}
    return render(request, "inbox/_quick_switcher_results.html", context)


@require_safe
def offered_messages(request):
    """Suggest the newest messages with the words of `?q=`."""
    context = {
        "messages_found": find_messages(request, typed_in(request)),
        "are_options": True,
        "today": timezone.localdate(),
    }
    return render(request, "inbox/_quick_switcher_messages.html", context)


def typed_in(request):
    return request.GET.get("q", "")[:MAX_CHARACTERS].replace("\0", "").strip()


def find_targets(request, typed, most):
    """Find conversations and people by parts of their names; with operators there is only something to search for."""
    context = {"typed": typed, "words": words_of(typed), "here": parse_id(request.GET.get("here", ""))}
    context["today"] = timezone.localdate()
    if OPERATOR.search(typed):
        return context | {"has_operator": True, "completions": completions_of(request)}
    if not context["words"]:
        recent = list(Conversation.objects.quick_switcher_recent(request.user, context["here"])[:MAX_RECENT])
        partners = Conversation.objects.partners_in(request.user, recent)
        for conversation in recent:
            conversation.partner = partners.get(conversation.pk)
        unread = [each for each in recent if each.unread][:MAX_UNREAD]
        return context | {"unread": unread, "recent": [each for each in recent if not each.unread][: most + 3]}
    return context | find_named(request.user, context["words"], context["here"], most)


def completions_of(request):
    """Complete the operator at the end of what is typed; `length` is that of the part to replace."""
    unfinished = UNFINISHED.search(request.GET["q"][:MAX_CHARACTERS].replace("\0", ""))
    if not unfinished:
        return []
    return [each | {"length": len(unfinished[1])} for each in complete(request.user, unfinished[1])]


def find_named(user, words, here, most):
    """Find names with `words`; if none of them begins with one, also names with a typo, after the others."""
    conversations, people = match(user, words, here, most)
    is_close = any(each.closeness <= BEGINNING for each in (*conversations, *people))
    if not is_close and any(map(may_have_typo, words)):
        found = match(user, words, here, most, with_typos=True)
        conversations, people = (sorted(each, key=lambda one: one.closeness) for each in found)
    directs = Conversation.objects.direct_with_each(user, people) if people else ()
    by_key = {conversation.direct_key: conversation for conversation in directs}
    for person in people:
        person.direct = by_key.get(person.pair)
    return {"conversations": conversations, "people": people}


def match(user, words, here, most, *, with_typos=False):
    seen = Conversation.objects.visible_to(user)
    conversations = seen.quick_switcher_matches(user, words, here, with_typos=with_typos)[:most]
    people = Conversation.objects.quick_switcher_first_people(user, words, most, with_typos=with_typos)
    return list(conversations), people


def find_messages(request, typed):
    """Find the newest messages with these words; none if the reader has searched too often within seconds."""
    query = read(typed)
    if len(typed) < 2 or not query:
        return []
    reader = Reader(request.user, timezone.get_current_timezone())
    try:
        return Search(request.user, query, reader, patience_seconds=0).first(MAX_MESSAGES)
    except LimitReached:
        return []
    except OperationalError as error:
        if not is_too_slow(error):
            raise
        return []
