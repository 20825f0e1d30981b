"""Drafts: unsent text, available on all devices of its author."""

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from conversations.forms.messages import DraftForm
from conversations.models import Conversation
from conversations.models.conversation.lists import PAGE_CONVERSATIONS
from conversations.views.finding import find_conversation, find_cursor
from conversations.views.telling import tell
from conversations.views.verbs import verb


@require_safe
def drafts(request):
    """List the conversations in which the reader has begun to write."""
    page = Conversation.objects.with_draft_of(request.user).page(find_cursor(request, "earlier"), PAGE_CONVERSATIONS)
    return render(request, "conversation/drafts.html", {"drafts": page.rows, "earlier": page.next})


@verb("conversation")
def discard(request, pk):
    """Delete a draft."""
    find_conversation(request, pk).discard_draft(request.user)
    tell(request, _("Draft discarded."))
    return redirect("drafts")


@verb("conversation")
def save(request, pk):
    """Save a draft; answer with the one that is saved now, to pages that say which draft they replace."""
    conversation, form = find_conversation(request, pk), DraftForm(request.POST)
    if not form.is_valid():
        return HttpResponse("\n".join(form.errors), status=422, content_type="text/plain")
    saved = conversation.save_draft(request.user, **form.cleaned_data, replaced=request.POST.get("replaced"))
    if "replaced" not in request.POST:  # a page of release 0.1
        return HttpResponse(status=204)
    return JsonResponse({"words": saved.words, "key": saved.key, "tag": saved.tag})
