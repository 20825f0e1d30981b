"""Messages: post, edit, delete and restore them."""

from uuid import uuid4

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.models import LimitReached
from accounts.models.visit import signed_in_user
from conversations.forms.files import words_as_file
from conversations.forms.messages import EditForm, MessageForm, ReasonForm
from conversations.models import Attachment, Conversation, Message
from conversations.models.attachment.attachment import RefusedFile
from conversations.models.message.fields import RefusedText
from conversations.models.message.posting import KeyReused, ReplyTargetGone
from conversations.views import unsent
from conversations.views.conversation.conversations import show_conversation
from conversations.views.finding import find_conversation, find_message, parse_id
from conversations.views.message.threads import show_thread
from conversations.views.showing import show_message, updates_in_place
from conversations.views.telling import tell
from conversations.views.verbs import verb

ALREADY_USED = _("This form has already sent another message. Send again to post these words too.")


@verb("conversation")
@login_not_required  # signing in carries words sent after the session has ended
def post(request, pk):
    form, address = read_form(request), reverse("conversation", args=[pk])
    if not request.user.is_authenticated:
        return unsent.carry(request, address, form)
    conversation = find_conversation(request, pk)
    try:
        message = send(request, conversation, form)
    except LimitReached as error:
        form.add_error("content", str(error))
        answer = give_back(request, conversation, form, status=429)
        answer["Retry-After"] = error.seconds
        return answer
    except KeyReused:
        return give_back(request, conversation, resend(form, str(ALREADY_USED)), status=409)
    except ReplyTargetGone as error:
        return give_back(request, conversation, resend(form, str(error)), status=409)
    if message is None:
        return give_back(request, conversation, form, status=422)
    unsent.discard(request, address)
    return show_posted(request, message, form)


def show_posted(request: HttpRequest, message: Message, form: MessageForm) -> HttpResponse:
    """Show a new message: alone to our script, else where it was written."""
    if form.is_for_thread:
        signed_in_user(request).remember_reply_choice(form.cleaned_data["in_conversation"])
    if updates_in_place(request):
        return show_message(request, message, status=201)
    if form.is_for_thread and message.thread_id:
        return redirect("thread", message.pk)  # which redirects to the message within its thread
    return redirect(f"{reverse('conversation', args=[message.conversation_id])}#m{message.pk}")


def allow_posting(request: HttpRequest, pk: int) -> None:
    """Raise what `post` raises for people who may not post there, whatever they send."""
    find_conversation(request, pk).allow_writing(signed_in_user(request))


def read_form(request: HttpRequest) -> MessageForm:
    """Read a message; words too long for a message become a file."""
    if "as_file" not in request.POST:
        return MessageForm(request.POST, request.FILES)
    form = MessageForm(*words_as_file(request.POST, request.FILES))
    form.full_clean()
    form.data = request.POST  # if it is shown again, the text is in the box
    return form


def send(request, conversation: Conversation, form: MessageForm) -> Message | None:
    """Post a message with its files; return None if the form, its mentions or a file are refused."""
    if not form.is_valid():
        return None
    data, files = form.cleaned_data, form.cleaned_data["files"]
    reply_to = conversation.find_reply_target(data["reply_to"], request.user)
    try:
        with Attachment.objects.storing(request.user, files, form.descriptions) as attachments:
            return conversation.post(
                request.user,
                data["content"],
                data["client_key"],
                reply_to=reply_to,
                quote=data["quote"],
                in_conversation=data["in_conversation"] or not data["in_thread"],
                attachments=attachments,
            )
    except RefusedText as error:
        form.add_error("content", str(error))
        return None
    except RefusedFile as error:
        form.add_error("files", str(error))
        return None


def resend(form: MessageForm, why: str) -> MessageForm:
    """Return the text in a form with a new key that replies to no message, with the reason."""
    again = MessageForm({**dict(form.data.items()), "client_key": uuid4(), "reply_to": "", "quote": ""})
    again.add_error("content", why)
    return again


def give_back(request: HttpRequest, conversation: Conversation, form: MessageForm, status: int) -> HttpResponse:
    """Show the errors of a message: on the page with its text in the box, or in one line to our script."""
    if updates_in_place(request):
        errors = [*form.errors.get("content", []), *form.errors.get("files", [])]
        return HttpResponse(" ".join(map(str, errors or [_("This message can’t be sent.")])), "text/plain", status)
    whole = find_conversation(request, conversation.pk, to_read=True)
    threads = whole.seen_messages.with_extras().with_id(parse_id(str(form.data.get("reply_to", ""))) or 0)
    if form.is_for_thread and (first := threads.first()):
        return show_thread(request, whole, first, form, status)
    return show_conversation(request, whole, form, status)


@require_safe
def permalink(request, pk):
    """Redirect to a message in its conversation, or in its thread, if it is only there."""
    visible = Message.objects.including_deleted_visible_to(request.user)
    message = get_object_or_404(visible, pk=pk)
    if not message.in_conversation:
        if not visible.with_id(message.first_id).exists():
            return redirect("thread", pk)
        return redirect(f"{reverse('thread', args=[message.first_id])}?at={pk}#t{pk}")
    return redirect(f"{reverse('conversation', args=[message.conversation_id])}?at={pk}#m{pk}")


@login_not_required  # signing in carries words sent after the session has ended
def edit(request, pk):
    if not request.user.is_authenticated:
        return unsent.carry(request, request.path, EditForm(request.POST))
    message = find_message(request, pk)
    message.allow_editing(request.user)
    form = edit_form(request, message)
    if request.POST and form.is_valid() and save_edit(request, message, form):
        unsent.discard(request, request.path)
        return show_message(request, message)
    context, status = {"message": message, "form": form}, 422 if request.POST else 200
    page = "message/edit.html#form" if updates_in_place(request) else "message/edit.html"
    return render(request, page, context, status=status)


def edit_form(request: HttpRequest, message: Message) -> EditForm:
    """Make a form with the submitted text, else the text stored before signing in, else that of the message."""
    words = request.POST or unsent.words_for(request, request.path)
    return EditForm(words, request.FILES or None, initial={"content": message.content}, attached=message.own_files())


def save_edit(request, message: Message, form: EditForm) -> bool:
    """Edit a message; return False if its text, its mentions or a file are refused."""
    data, files = form.cleaned_data, form.cleaned_data["files"]
    try:
        with Attachment.objects.storing(request.user, files, [""] * len(files)) as attachments:
            message.edit(request.user, data["content"], attachments=attachments, removed=data["remove"])
    except RefusedText as error:
        form.add_error("content", str(error))
    except RefusedFile as error:
        form.add_error("files", str(error))
    return form.is_valid()


@verb("message")
def delete(request, pk):
    message, form = find_message(request, pk), ReasonForm(request.POST)
    if message.user == request.user:
        message.delete_by(request.user)
    else:
        message.hide(request.user, form.cleaned_data["reason"] if form.is_valid() else "")
    if updates_in_place(request):
        return show_message(request, message)
    tell(request, _("Message deleted."), undo=reverse("restore-message", args=[pk]))
    if not message.in_conversation:
        return redirect("thread", message.first_id)
    return redirect("conversation", message.conversation_id)


@verb("message")
def restore(request, pk):
    message = get_object_or_404(Message.objects.including_deleted_visible_to(request.user), pk=pk)
    message.restore_by(request.user)
    if not updates_in_place(request):
        tell(request, _("Message restored."))
    return show_message(request, message)


@verb("message")
def unread(request, pk):
    """Move the read marker back to before a message: that of its thread, if the message is only there."""
    message = find_message(request, pk)
    conversation = find_conversation(request, message.conversation_id)
    if not message.in_conversation:
        message.mark_thread_unread(request.user, message)
        tell(request, _("The thread is marked as unread from that message."))
        return redirect("threads")
    conversation.mark_unread(request.user, message)
    tell(request, _("%(conversation)s is marked as unread from that message.") % {"conversation": conversation.name})
    return redirect("inbox")
