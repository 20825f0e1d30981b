"""Conversations: read one, begin one, browse the open ones."""

from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from accounts.models.limits import take
from conversations.forms.messages import DraftForm, MessageForm, ReadMarkerForm
from conversations.forms.people import NewConversationForm
from conversations.models import Conversation, Membership, Message
from conversations.models.conversation.lists import PAGE
from conversations.models.message import pages
from conversations.models.message.reaction import QUICK
from conversations.views import unsent
from conversations.views.finding import find_conversation, find_cursor, number
from conversations.views.verbs import verb

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@require_safe
def show(request, pk):
    conversation = find_conversation(request, pk, to_read=True)
    return show_conversation(request, conversation, unsent.form_for(request, conversation))


def show_conversation(
    request: HttpRequest,
    conversation: Conversation,
    form: MessageForm,
    status: int = 200,
    thread: list[Message] | None = None,
    preview: Message | None = None,
) -> HttpResponse:
    """Show the page of history that the address asks for, and at its side a thread, the first message first."""
    selected = None
    if "at" in request.GET:
        selected = find_selected(conversation, request.GET["at"])
        page = pages.around(conversation.messages, selected)
    elif cursor := find_cursor(request, "before"):
        page = pages.older(conversation, cursor)
    elif cursor := find_cursor(request, "after"):
        page = pages.after(conversation.messages, cursor)
    else:
        page = pages.latest(conversation)
    context = {"conversation": conversation, "page": page, "form": form, "selected": selected, "thread": thread}
    context["preview"] = preview
    context["replying_to"] = None if thread else find_replied_to(request, conversation, form, selected)
    context["quick_reactions"] = QUICK
    context["has_settings"] = conversation.joined_at is not None or request.user.is_staff
    context["may_hide"] = selected is not None and not selected.deleted_at and selected.may_be_hidden_by(request.user)
    # Reading moves the mark, so the address says where the line of the new ones was.
    context["first_unread"] = number(request.GET.get("new", "")) or getattr(conversation, "first_unread_id", None)
    # A mention that is not seen may be before the mark, where somebody edited a message.
    context["read_until"] = LONG_AGO if getattr(conversation, "is_mentioned", False) else conversation.last_read_at
    context["last_unread"] = page.last_unread_since(context["read_until"])
    return render(request, "conversation/conversation.html", context, status=status)


def find_selected(conversation: Conversation, word: str) -> Message:
    """Find the message that an address puts in the middle; a deleted one still has its place there."""
    messages = conversation.messages.with_extras()
    return get_object_or_404(messages, pk=number(word))


def find_replied_to(
    request: HttpRequest, conversation: Conversation, form: MessageForm, selected: Message | None
) -> Message | None:
    """Find the message that the form replies to, as the address or a form that came back says."""
    pk = number(str(form["reply_to"].value() or request.GET.get("reply", "")))
    if selected and selected.pk == pk:
        return None if selected.deleted_at else selected
    return conversation.messages.not_deleted().with_extras().filter(pk=pk).first() if pk else None


def new(request):
    form = NewConversationForm(request.POST or None, creator=request.user)
    if form.is_valid():
        take("change", request.user)
        return redirect("conversation", form.start().pk)
    return render(request, "conversation/new.html", {"form": form})


@require_safe
def browse(request):
    page = Conversation.objects.to_browse(request.user).page(find_cursor(request, "earlier"), PAGE)
    return render(request, "conversation/browse.html", {"conversations": page.rows, "earlier": page.next})


@verb("conversation")
def read(request, pk):
    """Move the read mark up to the message that the page showed last."""
    conversation, form = find_conversation(request, pk), ReadMarkerForm(request.POST)
    message = get_object_or_404(conversation.messages, pk=form.cleaned_data["message"] if form.is_valid() else None)
    Membership.objects.mark_read(request.user, message)
    return redirect("conversation", pk)


@verb("conversation")
def draft(request, pk):
    """Keep what somebody has begun to write here, for all their devices."""
    conversation, form = find_conversation(request, pk), DraftForm(request.POST)
    if not form.is_valid():
        return HttpResponse("\n".join(form.errors), status=422, content_type="text/plain")
    Membership.objects.save_draft(request.user, conversation, **form.cleaned_data)
    return HttpResponse(status=204)
