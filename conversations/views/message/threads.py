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
    """Show a thread; a message within one leads to the whole of it, or to what the reader sees of it."""
    visible = Message.objects.including_deleted_visible_to(request.user)
    message = get_object_or_404(visible.with_extras(), pk=pk)
    if message.is_system:
        raise Http404
    conversation = find_conversation(request, message.conversation_id, to_read=True)
    seen = conversation.seen_messages
    if message.thread_id and seen.with_id(message.thread_id).exists():
        return redirect(f"{reverse('thread', args=[message.thread_id])}#t{pk}")
    replies = list(seen.not_deleted().with_extras().in_thread(message))
    thread = [message, *replies] if message.thread_id is None else replies or [message]
    return show_conversation(request, conversation, form_for(request, conversation), thread=thread)


@require_safe
def reply(request, pk):
    """Redirect to the form for a reply to a message."""
    message = find_message(request, pk)
    return redirect(f"{reverse('conversation', args=[message.conversation_id])}?at={pk}&reply={pk}#replying-to")
