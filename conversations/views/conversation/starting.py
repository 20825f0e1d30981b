"""Start a conversation, or browse the open ones."""

from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from conversations.forms.conversations import NewConversationForm
from conversations.models import Conversation
from conversations.models.conversation.lists import PAGE_CONVERSATIONS
from conversations.views.finding import find_cursor


def new(request):
    form = NewConversationForm(request.POST or None, by=request.user)
    if form.is_valid():
        return redirect("conversation", form.start().pk)
    return render(request, "conversation/new.html", {"form": form})


@require_safe
def browse(request):
    page = Conversation.objects.to_browse(request.user).page(find_cursor(request, "earlier"), PAGE_CONVERSATIONS)
    return render(request, "conversation/browse.html", {"conversations": page.rows, "earlier": page.next})
