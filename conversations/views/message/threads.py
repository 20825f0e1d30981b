"""Threads: a message and its replies, beside the conversation or alone."""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from conversations.models import Message
from conversations.views.conversation.conversations import show_conversation
from conversations.views.finding import find_conversation, find_message
from conversations.views.unsent import form_for


@require_safe
def thread(request, pk):
    """Show a thread; redirect from a message within it to the whole thread."""
    visible = Message.objects.including_deleted_visible_to(request.user)
    first = get_object_or_404(visible.with_extras(), pk=pk)
    if first.is_system:
        raise Http404
    if first.thread_id:
        return redirect(f"{reverse('thread', args=[first.thread_id])}#t{pk}")
    conversation = find_conversation(request, first.conversation_id, to_read=True)
    replies = conversation.messages.not_deleted().with_extras().in_thread(first)
    return show_conversation(request, conversation, form_for(request, conversation), thread=[first, *replies])


@require_safe
def reply(request, pk):
    """Redirect to the form for a reply to a message."""
    message = find_message(request, pk)
    return redirect(f"{reverse('conversation', args=[message.conversation_id])}?at={pk}&reply={pk}#replying-to")
