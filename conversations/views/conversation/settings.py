"""Settings of a conversation: its title and who sees it, for its owners; notifications, for each member."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.views.returning import go_back
from conversations.forms.settings import KindForm, TitleForm
from conversations.models import Conversation
from conversations.models.access import Kind
from conversations.models.conversation.visibility import ReachHasGrown
from conversations.views.finding import find_conversation
from conversations.views.telling import tell
from conversations.views.verbs import verb

IS_NOW = {Kind.OPEN: _("%(name)s is now open."), Kind.PRIVATE: _("%(name)s is now private.")}


def show(request, pk):
    """Show the settings, or save another title or topic."""
    conversation = find_conversation(request, pk)
    before = {"title": conversation.title, "topic": conversation.topic}
    form = TitleForm(request.POST or None, initial=before, conversation=conversation, by=request.user)
    if form.is_valid():
        conversation.rename(request.user, form.cleaned_data["title"], form.cleaned_data["topic"])
        tell(request, _("Saved."))
        return redirect("conversation-settings", pk)
    context = {
        "conversation": conversation,
        "form": form,
        "may_manage": conversation.may_be_managed_by(request.user),
    }
    return render(request, "conversation/settings.html", context, status=422 if form.errors else 200)


@verb("conversation-settings")
def notify(request, pk):
    find_conversation(request, pk).set_notify(request.user, request.POST.get("notify", ""))
    if "stay" in request.POST:  # a menu of another page
        return go_back(request, "conversation", pk)
    tell(request, _("Saved."))
    return redirect("conversation-settings", pk)


def change_kind(request, pk):
    """Show how many people another kind affects, or change the kind after the confirmation."""
    conversation = find_conversation(request, pk)
    conversation.allow_managing(request.user)
    form = KindForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return ask_about_kind(request, conversation, status=422 if form.errors else 200)
    become = conversation.close if conversation.kind == Kind.OPEN else conversation.open
    try:
        become(request.user, form.confirmed())
    except ReachHasGrown:
        return ask_about_kind(request, conversation, status=409)
    tell(request, IS_NOW[Kind(conversation.kind)] % {"name": conversation.name})
    is_still_visible = conversation.is_visible_to(request.user)
    return redirect("conversation-settings", pk) if is_still_visible else redirect("inbox")


def ask_about_kind(request, conversation: Conversation, status: int) -> HttpResponse:
    kind = Kind.PRIVATE if conversation.kind == Kind.OPEN else Kind.OPEN
    reach = conversation.reach_of(kind)
    form = KindForm(initial={"messages": reach.messages, "people": reach.people})
    context = {"conversation": conversation, "kind": kind, "reach": reach, "form": form, "has_grown": status == 409}
    if kind == Kind.OPEN:
        context["same"] = Conversation.objects.titled_the_same(request.user, conversation.title, conversation)
    return render(request, "conversation/kind.html", context, status=status)


@verb("conversation-settings")
def limit_history(request, pk):
    conversation = find_conversation(request, pk)
    conversation.limit_history(request.user)
    tell(request, _("People who join %(name)s from now on see only new messages.") % {"name": conversation.name})
    return redirect("conversation-settings", pk)


def unlimit_history(request, pk):
    """Show what everybody would see, and take the confirmation."""
    conversation = find_conversation(request, pk)
    conversation.allow_managing(request.user)
    form, status = KindForm(request.POST if request.method == "POST" else None), 200
    if form.is_valid():
        try:
            conversation.unlimit_history(request.user, form.confirmed())
        except ReachHasGrown:
            status = 409
        else:
            tell(request, _("All members of %(name)s see all messages.") % {"name": conversation.name})
            return redirect("conversation-settings", pk)
    status = 422 if form.errors else status
    reach = conversation.reach_of_history()
    form = KindForm(initial={"messages": reach.messages, "people": reach.people})
    context = {"conversation": conversation, "reach": reach, "form": form, "has_grown": status == 409}
    return render(request, "conversation/unlimit_history.html", context, status=status)


@verb("conversation-settings")
def archive(request, pk):
    conversation = find_conversation(request, pk)
    conversation.archive(request.user)
    words = _("%(name)s is archived.") % {"name": conversation.name}
    tell(request, words, undo=reverse("unarchive", args=[pk]))
    return redirect("conversation-settings", pk)


@verb("conversation-settings")
def unarchive(request, pk):
    conversation = find_conversation(request, pk)
    conversation.unarchive(request.user)
    tell(request, _("%(name)s is no longer archived.") % {"name": conversation.name})
    return redirect("conversation-settings", pk)


@verb("conversation-settings")
def delete(request, pk):
    conversation = find_conversation(request, pk)
    conversation.delete_by(request.user)
    undo = reverse("restore-conversation", args=[pk])
    tell(request, _("%(name)s is deleted.") % {"name": conversation.name}, undo=undo)
    return redirect("inbox")
