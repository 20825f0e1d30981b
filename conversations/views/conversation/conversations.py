"""The page of a conversation: the messages that the URL selects."""

from datetime import UTC, datetime

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from accounts.models import User
from chatsite.speed.keyset import MAX_PAGE_BYTES
from conversations.forms.messages import MessageForm
from conversations.models import Conversation, Message
from conversations.models.message.message import PAGE_MESSAGES
from conversations.models.message.reaction import QUICK
from conversations.models.timeline import pages
from conversations.models.timeline.pages import MessagePage
from conversations.models.timeline.threads import ThreadPage
from conversations.text.cursors import Cursor
from conversations.views import unsent
from conversations.views.finding import find_conversation, find_cursor, parse_id
from conversations.views.showing import updates_in_place

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
PIECE_MESSAGES = 40  # that a script loads at once, before the reader reaches the edge of the page


@require_safe
def show(request, pk):
    conversation = find_conversation(request, pk, to_read=True)
    if "unread" in request.GET:
        return redirect(first_unread_address(conversation, request.path))
    form = unsent.form_for(request, conversation)
    if form.is_for_thread and (first := parse_id(form["reply_to"].value())):
        return redirect("thread", first)
    return show_conversation(request, conversation, form)


@require_safe
def piece(request, pk):
    """Show only messages, for the script that adds them to a page: the last ones, or those that the URL selects."""
    conversation = find_conversation(request, pk)
    page, _ = find_page(request, conversation, PIECE_MESSAGES)
    first_unread = parse_id(request.GET.get("new", ""))
    context = {"conversation": conversation, "page": page, "first_unread": first_unread}
    return render(request, "conversation/_timeline.html", context)


def first_unread_address(conversation: Conversation, address: str) -> str:
    """Return the address of the first unread message, which is on the last page at `address` unless more are unread."""
    if conversation.unread <= PAGE_MESSAGES:
        return f"{address}#new" if conversation.unread else address
    first = conversation.first_unread_id
    return f"{address}?at={first}&new={first}#new"


def show_conversation(
    request,
    conversation: Conversation,
    form: MessageForm,
    status: int = 200,
    thread: ThreadPage | None = None,
    selected_reply: Message | None = None,
    preview: Message | None = None,
    inbox: dict | None = None,
) -> HttpResponse:
    """Show the page of messages that the URL selects, or a thread beside its first message; alone to our script.

    `inbox` has the variables of the inbox to show beside the conversation.
    """
    is_alone = thread is not None and updates_in_place(request)
    if thread is None:
        page, selected = find_page(request, conversation)
    else:
        page, selected = beside(thread, conversation, is_alone), selected_reply
    shown = {"conversation": conversation, "page": page, "form": form, "selected": selected, "thread": thread}
    context = {
        **shown,
        "preview": preview,
        "replying_to": None if thread else find_replied_to(request, conversation, form, selected),
        "quick_reactions": QUICK,
        **reading_of(request, conversation, page),
        **rights_of(request.user, conversation, selected),
        **(inbox or {}),
    }
    template = "message/_thread.html" if is_alone else "conversation/conversation.html"
    return render(request, template, context, status=status)


def reading_of(request, conversation: Conversation, page: MessagePage) -> dict:
    """Find up to where the reader has read."""
    # Reading moves the marker, so the URL names the message that was the first unread one.
    first_unread = parse_id(request.GET.get("new", "")) or getattr(conversation, "first_unread_id", None)
    # An unseen mention may be before the read marker, if an edit added it.
    read_until = LONG_AGO if getattr(conversation, "is_mentioned", False) else conversation.last_read_at
    return {
        "first_unread": first_unread,
        "has_unread_line": any(message.pk == first_unread for message in page.messages),
        "read_until": read_until,
        "last_unread": page.last_unread_since(read_until),
    }


def rights_of(user: User, conversation: Conversation, selected: Message | None) -> dict:
    """Find what the reader may do in a conversation, and with the selected message."""
    return {
        "has_settings": conversation.joined_at is not None or user.is_staff,
        "may_manage": conversation.is_managed or (user.is_staff and not conversation.is_direct),
        "is_member": conversation.joined_at is not None,
        "may_hide_others": conversation.may_be_moderated_by(user),
        "is_saved": selected is not None and selected.pk in conversation.saved,
        "may_hide": selected is not None and not selected.deleted_at and selected.may_be_hidden_by(user),
        "may_restore": selected is not None and selected.deleted_at and selected.is_restorable_by(user),
    }


def beside(thread: ThreadPage, conversation: Conversation, is_alone: bool) -> MessagePage:
    """Find the messages for which there is room beside a thread: the last ones, or those up to its first message."""
    if is_alone:
        return MessagePage([], None, None)
    room, first = MAX_PAGE_BYTES - thread.html_bytes, thread.first
    latest = pages.latest(conversation, room, min_rows=0)
    is_older = latest.older is not None and latest.messages and first.created_at < latest.messages[0].created_at
    if not is_older or not first.in_conversation:
        return latest
    after_it = Cursor(first.created_at, first.pk + 1)
    return pages.before(conversation.timeline, after_it, PAGE_MESSAGES, max(room, first.html_bytes))


def find_page(request, conversation: Conversation, size: int = PAGE_MESSAGES) -> tuple[MessagePage, Message | None]:
    """Find the page that the URL selects, and the message in its middle, if the URL names one to act on."""
    if "at" in request.GET:
        middle = find_selected(conversation, request.GET["at"])
        is_place = request.GET.get("new") == request.GET["at"]  # where reading begins
        return pages.around(conversation.timeline, middle, size), None if is_place else middle
    if cursor := find_cursor(request, "before"):
        return pages.older(conversation, cursor, size), None
    if cursor := find_cursor(request, "after"):
        return pages.after(conversation.timeline, cursor, size), None
    return pages.latest(conversation, size=size), None


def find_selected(conversation: Conversation, word: str) -> Message:
    """Find the message that the URL puts in the middle; if it is deleted, its former neighbours are shown."""
    messages = conversation.timeline.with_extras()
    return get_object_or_404(messages, pk=parse_id(word))


def find_replied_to(request, conversation: Conversation, form: MessageForm, selected: Message | None) -> Message | None:
    """Find the message to reply to, which the URL or the submitted form names."""
    pk = parse_id(str(form["reply_to"].value() or request.GET.get("reply", "")))
    if selected and selected.pk == pk:
        return None if selected.deleted_at else selected
    try:
        return conversation.seen_messages.not_deleted().with_extras().get(pk=pk) if pk else None
    except Message.DoesNotExist:
        return None
