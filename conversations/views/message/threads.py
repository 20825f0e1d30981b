"""Threads: a message and its replies, beside the conversation or alone, and following them."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from conversations.forms.messages import ReadMarkerForm
from conversations.models import Message
from conversations.models.timeline import pages
from conversations.models.timeline.threads import MAX_REPLY_BYTES, PAGE_REPLIES, ThreadPage
from conversations.views.conversation.conversations import show_conversation
from conversations.views.finding import find_conversation, find_cursor, find_message, parse_id
from conversations.views.showing import updates_in_place
from conversations.views.telling import tell
from conversations.views.unsent import form_for
from conversations.views.verbs import verb

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
    replies = seen.in_thread(message.first_id)
    if message.thread_id and seen.with_id(message.thread_id).exists():
        page = "" if message in pages.newest(replies, *PAGE_SIZE).messages else f"?at={pk}"
        return redirect(f"{reverse('thread', args=[message.thread_id])}{page}#t{pk}")
    return show_thread(request, conversation, message, form_for(request, conversation))


def show_thread(request, conversation, first, form, status=200) -> HttpResponse:
    """Show the thread of `first` beside its conversation, or to our script alone."""
    replies, selected = find_replies(request, conversation.seen_messages.in_thread(first.first_id))
    return show_conversation(request, conversation, form, status, ThreadPage(first, replies, request.user.pk), selected)


def find_replies(request, replies):
    """Find the page of replies that the URL selects, and the reply in its middle, if the URL names one."""
    if "at" in request.GET:
        reply = get_object_or_404(replies.with_extras(), pk=parse_id(request.GET["at"]))
        return pages.around(replies, reply, *PAGE_SIZE), reply
    if cursor := find_cursor(request, "before"):
        return pages.before(replies, cursor, *PAGE_SIZE), None
    if cursor := find_cursor(request, "after"):
        return pages.after(replies, cursor, *PAGE_SIZE), None
    return pages.newest(replies, *PAGE_SIZE), None


@verb("thread")
def follow(request, pk):
    find_first(request, pk).follow_thread(request.user)
    return answer(request, pk, _("You will see new replies in Threads."))


@verb("thread")
def mute(request, pk):
    find_first(request, pk).mute_thread(request.user)
    return answer(request, pk, _("You will not see new replies in Threads."))


def find_first(request, pk):
    """Load the first message of a thread, which may be deleted, or a reply."""
    visible = Message.objects.including_deleted_visible_to(request.user)
    return get_object_or_404(visible.select_related("conversation"), pk=pk)


def answer(request, pk, words):
    """Report what was done: to our script, else by a notice in the thread."""
    if updates_in_place(request):
        return HttpResponse(words, "text/plain")
    tell(request, words)
    return redirect("thread", pk)


@verb("thread")
def read(request, pk):
    """Move the read marker of a thread up to the reply that the page showed last."""
    first, form = find_first(request, pk), ReadMarkerForm(request.POST)
    replies = Message.objects.including_deleted_visible_to(request.user).in_thread(first.first_id)
    reply = get_object_or_404(replies, pk=form.cleaned_data["message"] if form.is_valid() else None)
    first.mark_thread_read(request.user, reply)
    return redirect("threads") if "from_list" in request.POST else redirect("thread", pk)


@require_safe
def reply(request, pk):
    """Redirect to the form for a reply to a message."""
    message = find_message(request, pk)
    if not message.in_conversation:
        return redirect("thread", pk)
    return redirect(f"{reverse('conversation', args=[message.conversation_id])}?at={pk}&reply={pk}#replying-to")
