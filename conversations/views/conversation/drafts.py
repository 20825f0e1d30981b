"""Drafts: unsent text, available on all devices of its author."""

from django.http import HttpResponse

from conversations.forms.messages import DraftForm
from conversations.views.finding import find_conversation
from conversations.views.verbs import verb


@verb("conversation")
def save(request, pk):
    conversation, form = find_conversation(request, pk), DraftForm(request.POST)
    if not form.is_valid():
        return HttpResponse("\n".join(form.errors), status=422, content_type="text/plain")
    conversation.save_draft(request.user, form.cleaned_data["words"], form.cleaned_data["client_key"])
    return HttpResponse(status=204)
