"""Drafts: unsent text, available on all devices of its author."""

from django.http import HttpResponse, JsonResponse

from conversations.forms.messages import DraftForm
from conversations.views.finding import find_conversation
from conversations.views.verbs import verb


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
