"""The sidebar: all conversations of a section, and the menu of a conversation in it."""

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.views.returning import go_back
from conversations.models import Conversation
from conversations.models.inbox.sidebar import MAX_SECTION_ROWS, Section
from conversations.views.finding import find_conversation
from conversations.views.showing import updates_in_place
from conversations.views.verbs import verb


@require_safe
def show_section(request, section):
    """List all conversations of a section; to our script, which puts them in place, without a page around them."""
    if section not in Section.values:
        raise Http404
    page = Conversation.objects.sidebar_page(request.user, most=MAX_SECTION_ROWS)
    template = "inbox/_section.html" if updates_in_place(request) else "inbox/section.html"
    return render(request, template, {"section": Section(section), "found": page.sections[Section(section)]})


@require_safe
def menu(request, pk):
    """Show what the reader can do with a conversation of theirs."""
    conversation = find_conversation(request, pk)
    template = "inbox/_menu.html" if updates_in_place(request) else "inbox/menu.html"
    return render(request, template, {"conversation": conversation})


@verb("conversation")
def favour(request, pk):
    find_conversation(request, pk).favour(request.user)
    return go_back(request, "conversation", pk)


@verb("conversation")
def unfavour(request, pk):
    find_conversation(request, pk).unfavour(request.user)
    return go_back(request, "conversation", pk)
