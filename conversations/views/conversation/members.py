"""Members of a conversation: see them, come and go, add some, and, for its owners, decide what they may."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import get_text_list
from django.utils.translation import gettext_lazy as _

from conversations.forms.people import AddPeopleForm
from conversations.forms.settings import MemberRoleForm
from conversations.models import Conversation, FormerMember
from conversations.models.access import people_visible_to
from conversations.models.conversation.membership import MemberRole
from conversations.views.finding import find_conversation
from conversations.views.verbs import verb

IS_NOW = {
    MemberRole.OWNER: _("%(name)s is owner here now."),
    MemberRole.MEMBER: _("%(name)s is member here now."),
    MemberRole.READER: _("%(name)s is read-only here now."),
}


def members(request, pk):
    conversation = find_conversation(request, pk)
    form = AddPeopleForm(request.POST or None, conversation=conversation, by=request.user)
    if form.is_valid():
        people = form.cleaned_data["people"]
        conversation.add(request.user, people)
        names = get_text_list([person.name for person in people], _("and"))
        messages.success(request, _("%(names)s can now read and write here.") % {"names": names})
        return redirect("members", pk)
    return show_members(request, conversation, form)


def show_members(
    request: HttpRequest, conversation: Conversation, form: AddPeopleForm, status: int = 200
) -> HttpResponse:
    there = conversation.memberships.filter(user__deleted_at__isnull=True)
    context = {"conversation": conversation, "memberships": there.select_related("user").with_names(), "form": form}
    if conversation.may_be_managed_by(request.user):
        removed = conversation.former_members.removed_recently().select_related("user", "ended_by")
        context |= {"may_manage": True, "roles": MemberRole, "removed": removed}
    return render(request, "conversation/members.html", context, status=status)


@verb("conversation")
def join(request, pk):
    find_conversation(request, pk).join(request.user)
    return redirect("conversation", pk)


@verb("conversation")
def leave(request, pk):
    conversation = find_conversation(request, pk)
    try:
        conversation.leave(request.user)
    except PermissionDenied as error:  # shown where one does what has to be done before
        messages.error(request, str(error))
        form = AddPeopleForm(conversation=conversation, by=request.user)
        return show_members(request, conversation, form, status=403)
    words = _("You have left %(conversation)s.") % {"conversation": conversation.name}
    messages.success(request, words, extra_tags=reverse("rejoin", args=[pk]))
    return redirect("inbox")


@verb("conversation")
def rejoin(request, pk):
    """Undo leaving, also where one can't see the conversation meanwhile."""
    former = get_object_or_404(FormerMember.objects.may_rejoin(), user=request.user, conversation=pk)
    former.conversation.rejoin(request.user)
    messages.success(request, _("You are back in %(conversation)s.") % {"conversation": former.conversation.name})
    return redirect("conversation", pk)


@verb("members")
def change_role(request, pk, username):
    conversation, person, form = *find_person(request, pk, username), MemberRoleForm(request.POST)
    if not form.is_valid():
        raise PermissionDenied(_("There is no such role."))
    conversation.change_role(request.user, person, form.cleaned_data["role"])
    messages.success(request, IS_NOW[form.cleaned_data["role"]] % {"name": person.name})
    return redirect("members", pk)


@verb("members")
def remove(request, pk, username):
    conversation, person = find_person(request, pk, username)
    conversation.remove_member(request.user, person)
    undo = reverse("restore-member", args=[pk, username])
    words = _("%(name)s is no member any more.") % {"name": person.name}
    messages.success(request, words, extra_tags=undo)
    return redirect("members", pk)


@verb("members")
def restore(request, pk, username):
    conversation, person = find_person(request, pk, username)
    conversation.restore_membership(request.user, person)
    messages.success(request, _("%(name)s is back.") % {"name": person.name})
    return redirect("members", pk)


def find_person(request, pk, username):
    """Find a conversation and somebody in it, or formerly, as far as who asks may see them."""
    conversation = find_conversation(request, pk)
    return conversation, get_object_or_404(people_visible_to(request.user), username=username)
