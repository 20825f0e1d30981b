"""Messages: post one."""

from uuid import uuid4

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.shortcuts import redirect
from django.urls import reverse

from conversations.forms import MessageForm
from conversations.models import Message
from conversations.models.posting import KeyReused
from conversations.views import unsent
from conversations.views.conversations import show_conversation
from conversations.views.finding import find_conversation
from conversations.views.verbs import verb


@verb
@login_not_required  # who is not signed in any more keeps their words
def post(request, pk):
    form = MessageForm(request.POST)
    if not request.user.is_authenticated:
        unsent.keep(request, pk, form)
        return redirect_to_login(reverse("conversation", args=[pk]))
    conversation = find_conversation(request, pk)
    if not form.is_valid():
        return show_conversation(request, conversation, form, status=422)
    try:
        message = Message.objects.post(conversation, request.user, **form.cleaned_data)
    except KeyReused:
        return show_conversation(request, conversation, resend(form), status=409)
    unsent.forget(request, pk)
    return redirect(f"{reverse('conversation', args=[pk])}#m{message.pk}")


def resend(form: MessageForm) -> MessageForm:
    """Give the words back with a key of their own, for a form whose key has already sent others."""
    again = MessageForm(form.data.dict() | {"client_key": uuid4()})
    again.add_error("content", "This form has already sent another message. Send again to post these words too.")
    return again
