"""The page of a conversation: the messages that the URL selects."""

from datetime import UTC, datetime

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from chatsite.speed.keyset import MAX_PAGE_BYTES
from conversations.forms.messages import MessageForm
from conversations.models import Conversation, Message
from conversations.models.message.reaction import QUICK
from conversations.models.timeline import pages
from conversations.models.timeline.pages import MessagePage
from conversations.models.timeline.threads import ThreadPage
from conversations.views import unsent
from conversations.views.finding import find_conversation, find_cursor, parse_id

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@require_safe
def show(request, pk):
    conversation = find_conversation(request, pk, to_read=True)
    return show_conversation(request, conversation, unsent.form_for(request, conversation))


def show_conversation(
    request,
    conversation: Conversation,
    form: MessageForm,
    status: int = 200,
    thread: ThreadPage | None = None,
    preview: Message | None = None,
) -> HttpResponse:
    """Show the page of messages that the URL selects, or the last page with a thread beside it."""
    page, selected = beside(thread, conversation) if thread else find_page(request, conversation)
    # An unseen mention may be before the read marker, if an edit added it.
    read_until = LONG_AGO if getattr(conversation, "is_mentioned", False) else conversation.last_read_at
    context = {
        "conversation": conversation,
        "page": page,
        "form": form,
        "selected": selected,
        "thread": thread,
        "preview": preview,
        "replying_to": None if thread else find_replied_to(request, conversation, form, selected),
        "quick_reactions": QUICK,
        "has_settings": conversation.joined_at is not None or request.user.is_staff,
        "may_hide": selected is not None and not selected.deleted_at and selected.may_be_hidden_by(request.user),
        "may_restore": selected is not None and selected.deleted_at and selected.is_restorable_by(request.user),
        # Reading moves the marker, so the URL names the message that was the first unread one.
        "first_unread": parse_id(request.GET.get("new", "")) or getattr(conversation, "first_unread_id", None),
        "read_until": read_until,
        "last_unread": page.last_unread_since(read_until),
    }
    return render(request, "conversation/conversation.html", context, status=status)


def beside(thread: ThreadPage, conversation: Conversation) -> tuple[MessagePage, None]:
    """Find the last messages for which there is room beside a thread."""
    return pages.latest(conversation, MAX_PAGE_BYTES - thread.html_bytes, min_rows=0), None


def find_page(request, conversation: Conversation) -> tuple[MessagePage, Message | None]:
    """Find the page that the URL selects, and the message in its middle, if the URL names one."""
    if "at" in request.GET:
        selected = find_selected(conversation, request.GET["at"])
        return pages.around(conversation.seen_messages.all(), selected), selected
    if cursor := find_cursor(request, "before"):
        return pages.older(conversation, cursor), None
    if cursor := find_cursor(request, "after"):
        return pages.after(conversation.seen_messages.all(), cursor), None
    return pages.latest(conversation), None


def find_selected(conversation: Conversation, word: str) -> Message:
    """Find the message that the URL puts in the middle; if it is deleted, its former neighbours are shown."""
    messages = conversation.seen_messages.with_extras()
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
