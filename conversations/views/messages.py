"""Messages: post one."""

from uuid import uuid4

from django.shortcuts import redirect
from django.urls import reverse

from conversations.forms import MessageForm
from conversations.models import Message
from conversations.models.message import KeyReused
from conversations.views.conversations import show_conversation
from conversations.views.finding import find_conversation
from conversations.views.verbs import verb


@verb
def post(request, pk):
    conversation = find_conversation(request, pk)
    form = MessageForm(request.POST)
    if not form.is_valid():
        return show_conversation(request, conversation, form, status=422)
    try:
        message = Message.objects.post(conversation, request.user, **form.cleaned_data)
    except KeyReused:
        return show_conversation(request, conversation, resend(form), status=409)
    return redirect(f"{reverse('conversation', args=[pk])}#m{message.pk}")


def resend(form: MessageForm) -> MessageForm:
    """Give the words back with a key of their own, for a form whose key has already sent others."""
    again = MessageForm(form.data.dict() | {"client_key": uuid4()})
    again.add_error("content", "This form has already sent another message. Send again to post these words too.")
    return again
