"""The search page, the messages around a hit, and completions of operators."""

from math import inf
from urllib.parse import urlencode

from django.db import OperationalError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from conversations.models import Conversation, RecentSearch
from conversations.models.access import people_visible_to
from conversations.models.message.message import PAGE_MESSAGES
from conversations.search.engine import MAX_RANKED, PATIENCE_SECONDS, Found, Search, is_too_slow
from conversations.search.forms import NarrowForm
from conversations.search.plan import Reader
from conversations.search.query import MAX_CHARACTERS, quoted, read
from conversations.views.finding import find_conversation, find_cursor, find_message
from conversations.views.showing import updates_in_place

BEST = "best"
MESSAGES_AROUND = 2  # on each side
MAX_OFFERED = 8


def search(request):
    """Show the hits for `?q=`, the newest or `?order=best` first; a POST stores the search first.

    Requests by our script get the number of hits, which `?count=all` counts however long that takes.
    """
    if request.method == "POST":
        return remember(request)
    if request.GET.keys() & NarrowForm.OPERATORS.keys():
        return narrow(request)
    words = request.GET.get("q", "")
    query, order = read(words), BEST if request.GET.get("order") == BEST else "newest"
    context = {"words": words[:MAX_CHARACTERS].replace("\0", ""), "query": query, "order": order}
    context["form"], context["most_characters"] = NarrowForm(by=request.user, query=query), MAX_CHARACTERS
    if query:
        context |= find(request, query, order)
        if updates_in_place(request) and context["found"].count is not None:
            return HttpResponse(context["found"].count_label, "text/plain")
    else:
        context["recent"] = RecentSearch.objects.of(request.user)
    return render(request, "search/search.html", context)


def find(request, query, order):
    patience = inf if request.GET.get("count") == "all" else PATIENCE_SECONDS
    reader = Reader(request.user, timezone.get_current_timezone())
    wanted = Search(request.user, query, reader, patience_seconds=patience)
    try:
        if order == BEST:
            first = find_first(request)
            found = wanted.best(first)
            return {"found": found, "next": first + PAGE_MESSAGES if len(found.messages) == PAGE_MESSAGES else None}
        found = wanted.newest(find_cursor(request, "earlier"))
        return {"found": found, "older": found.older}
    except OperationalError as error:
        if not is_too_slow(error):
            raise
        return {"found": Found(query, [], count=0), "is_too_slow": True}


def find_first(request):
    """Read the number of the first hit on a page of the best ones."""
    word = request.GET.get("first", "0")
    if not (word.isascii() and word.isdecimal() and len(word) < 5 and int(word) < MAX_RANKED):
        raise Http404
    return int(word)


def remember(request):
    """Store a search for the person who made it, and redirect to its address, which can be shared."""
    words = request.POST.get("q", "")[:MAX_CHARACTERS].replace("\0", "").strip()
    if words:
        RecentSearch.objects.remember(request.user, words)
    return redirect(f"{reverse('search')}?{urlencode({'q': words})}" if words else "search")


def narrow(request):
    """Redirect from the form of filters to the search with the operators that it writes."""
    form = NarrowForm(request.GET, by=request.user)
    if form.is_valid():
        return redirect(f"{reverse('search')}?{urlencode({'q': form.operators()})}")
    words = request.GET.get("q", "")
    context = {"words": words, "query": read(words), "order": "newest", "form": form, "is_open": True}
    return render(request, "search/search.html", context, status=422)


@require_POST
def clear_recent(request):
    """Delete one recent search, `words`, or all of them."""
    RecentSearch.objects.erase(request.user, request.POST.get("words", "").replace("\0", ""))
    return redirect("search")


@require_safe
def around(request, pk):
    """Show a message between the two before it and the two after it, in its conversation or its thread."""
    message = find_message(request, pk)
    conversation = find_conversation(request, message.conversation_id)
    seen = conversation.timeline if message.in_conversation else conversation.seen_messages.of_thread(message.first_id)
    there = seen.not_deleted().with_extras()
    before = list(there.newest_first().beyond(message.cursor)[:MESSAGES_AROUND])[::-1]
    after = there.oldest_first().beyond(message.cursor)[:MESSAGES_AROUND]
    context = {"conversation": conversation, "message": message, "lines": [*before, message, *after]}
    page = "message/around.html#lines" if updates_in_place(request) else "message/around.html"
    return render(request, page, context)


@require_safe
def completions(request):
    """Complete the operator that is being typed, `?q=`, with people and conversations whose names begin so."""
    typed = request.GET.get("q", "")[:100].replace("\0", "")
    return render(request, "search/_completions.html", {"completions": complete(request.user, typed)})


def complete(user, typed):
    """Complete an operator, or a name that may become the value of one."""
    name, colon, rest = typed.partition(":")
    name, beginning = (name.lower(), rest) if colon else ("", typed)
    beginning = beginning.lstrip('"“„«@#')
    completions = []
    if name in ("", "from", "mentions"):
        operator, people = name or "from", people_visible_to(user).active()
        for person in people.beginning_with(beginning)[:MAX_OFFERED]:
            completions.append({"value": f"{operator}:{person.username}", "label": person.name, "kind": "person"})
    if name in ("", "in"):
        known = Conversation.objects.visible_to(user)
        for title in known.titles_beginning_with(beginning, MAX_OFFERED):
            value = f"in:{title if title.isalnum() else quoted(title)}"
            completions.append({"value": value, "label": title, "kind": "conversation"})
    return completions[:MAX_OFFERED]
