"""Previews: how a message will look, and how many people it will notify."""

from uuid import uuid4

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.urls import reverse

from conversations.forms.messages import EditForm, MessageForm
from conversations.models.message.fields import RefusedText
from conversations.views import unsent
from conversations.views.conversation.conversations import show_conversation
from conversations.views.finding import find_conversation
from conversations.views.message.messages import give_back
from conversations.views.showing import updates_in_place
from conversations.views.verbs import verb


@verb("conversation")
@login_not_required  # signing in carries words sent after the session has ended
def preview(request, pk):
    """Show a text as a message without posting it: above the message box, or alone to our script."""
    form = MessageForm({"client_key": str(uuid4()), **request.POST.dict()})
    words = EditForm(request.POST)
    if not request.user.is_authenticated:
        return unsent.carry(request, reverse("conversation", args=[pk]), form)
    conversation = find_conversation(request, pk)
    if not words.is_valid():
        return give_back(request, conversation, form, status=422)
    try:
        message = conversation.preview_message(request.user, words.cleaned_data["content"])
    except RefusedText as error:
        form.add_error("content", str(error))
        return give_back(request, conversation, form, status=422)
    if updates_in_place(request):
        return render(request, "message/_preview.html", {"message": message})
    whole = find_conversation(request, pk, to_read=True)
    return show_conversation(request, whole, form, preview=message)
