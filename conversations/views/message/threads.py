"""Threads: a message and its replies, beside the conversation or alone."""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from conversations.models import Message
from conversations.models.timeline import pages
from conversations.models.timeline.threads import MAX_REPLY_BYTES, PAGE_REPLIES, ThreadPage
from conversations.views.conversation.conversations import show_conversation
from conversations.views.finding import find_conversation, find_cursor, find_message, parse_id
from conversations.views.unsent import form_for

PAGE_SIZE = PAGE_REPLIES, MAX_REPLY_BYTES


@require_safe
def thread(request, pk):
    """Show a page of a thread, by default its last; redirect from a message within it to the page that shows it.

    If the thread began before the reader joined, a message within it shows what they see of the thread.
    """
    visible = Message.objects.including_deleted_visible_to(request.user)
    message = get_object_or_404(visible.with_extras(), pk=pk)
    if message.is_system:
        raise Http404
    conversation = find_conversation(request, message.conversation_id, to_read=True)
    seen = conversation.seen_messages
    replies = seen.in_thread(message.thread_id or pk)
    if message.thread_id and seen.with_id(message.thread_id).exists():
        page = "" if message in pages.newest(replies, *PAGE_SIZE).messages else f"?at={pk}"
        return redirect(f"{reverse('thread', args=[message.thread_id])}{page}#t{pk}")
    thread = ThreadPage(message, find_replies(request, replies))
    return show_conversation(request, conversation, form_for(request, conversation), thread=thread)


def find_replies(request, replies):
    """Find the page of replies that the URL selects."""
    if "at" in request.GET:
        reply = get_object_or_404(replies.with_extras(), pk=parse_id(request.GET["at"]))
        return pages.around(replies, reply, *PAGE_SIZE)
    if cursor := find_cursor(request, "before"):
        return pages.before(replies, cursor, *PAGE_SIZE)
    if cursor := find_cursor(request, "after"):
        return pages.after(replies, cursor, *PAGE_SIZE)
    return pages.newest(replies, *PAGE_SIZE)


@require_safe
def reply(request, pk):
    """Redirect to the form for a reply to a message."""
    message = find_message(request, pk)
    return redirect(f"{reverse('conversation', args=[message.conversation_id])}?at={pk}&reply={pk}#replying-to")
