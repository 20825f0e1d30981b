"""Settings of a conversation: for its owners how it is called and who sees it, for each member what it tells them."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models.limits import take
from conversations.forms.settings import KindForm, NotifyForm, TitleForm
from conversations.models import Conversation, Membership
from conversations.models.access import Kind
from conversations.models.conversation.managing import OWNERS_MAY, ReachHasGrown
from conversations.views.finding import find_conversation
from conversations.views.verbs import verb

IS_NOW = {Kind.OPEN: _("%(name)s is open now."), Kind.PRIVATE: _("%(name)s is private now.")}


def show(request, pk):
    """Show the settings, and take another title or topic."""
    conversation = find_conversation(request, pk)
    may_manage = conversation.may_be_managed_by(request.user)
    before = {"title": conversation.title, "topic": conversation.topic}
    if request.method == "POST" and not may_manage:
        raise PermissionDenied(OWNERS_MAY)
    form = TitleForm(request.POST or None, initial=before)
    if form.is_valid():
        take("change", request.user)
        conversation.rename(request.user, form.cleaned_data["title"], form.cleaned_data["topic"])
        messages.success(request, _("Saved."))
        return redirect("conversation-settings", pk)
    context = {"conversation": conversation, "may_manage": may_manage, "form": form}
    context["notify_form"] = NotifyForm(initial={"notify": conversation.notify})
    return render(request, "conversation/settings.html", context, status=422 if form.errors else 200)


@verb("conversation-settings")
def notify(request, pk):
    conversation, form = find_conversation(request, pk), NotifyForm(request.POST)
    if not conversation.joined_at or not form.is_valid():
        raise PermissionDenied(_("Only members choose what they are told of."))
    Membership.objects.set_notify(request.user, conversation, form.cleaned_data["notify"])
    messages.success(request, _("Saved."))
    return redirect("conversation-settings", pk)


def change_kind(request, pk):
    """Say what another kind means for how many people, and take the yes to it."""
    conversation = find_conversation(request, pk)
    if not conversation.may_be_managed_by(request.user):
        raise PermissionDenied(OWNERS_MAY)
    form = KindForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return ask_about_kind(request, conversation, status=422 if form.errors else 200)
    take("change", request.user)
    become = conversation.close if conversation.kind == Kind.OPEN else conversation.open_up
    try:
        become(request.user, form.shown())
    except ReachHasGrown:
        return ask_about_kind(request, conversation, status=409)
    messages.success(request, IS_NOW[conversation.kind] % {"name": conversation.name})
    is_there = Conversation.objects.visible_to(request.user).filter(pk=pk).exists()
    return redirect("conversation-settings", pk) if is_there else redirect("inbox")


def ask_about_kind(request: HttpRequest, conversation: Conversation, status: int) -> HttpResponse:
    kind = Kind.PRIVATE if conversation.kind == Kind.OPEN else Kind.OPEN
    reach = conversation.reach_of(kind)
    form = KindForm(initial={"messages": reach.messages, "people": reach.people})
    context = {"conversation": conversation, "kind": kind, "reach": reach, "form": form, "has_grown": status == 409}
    return render(request, "conversation/kind.html", context, status=status)


@verb("conversation-settings")
def archive(request, pk):
    conversation = find_conversation(request, pk)
    conversation.archive_by(request.user)
    words = _("%(name)s is archived.") % {"name": conversation.name}
    messages.success(request, words, extra_tags=reverse("unarchive", args=[pk]))
    return redirect("conversation-settings", pk)


@verb("conversation-settings")
def unarchive(request, pk):
    conversation = find_conversation(request, pk)
    conversation.unarchive_by(request.user)
    messages.success(request, _("%(name)s is open for writing again.") % {"name": conversation.name})
    return redirect("conversation-settings", pk)


@verb("conversation-settings")
def delete(request, pk):
    conversation = find_conversation(request, pk)
    conversation.delete_by(request.user)
    undo = reverse("restore-conversation", args=[pk])
    messages.success(request, _("%(name)s is deleted.") % {"name": conversation.name}, extra_tags=undo)
    return redirect("inbox")
