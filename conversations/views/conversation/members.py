"""Members of a conversation: list and add them; owners change their roles and remove them."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import get_text_list
from django.utils.translation import gettext_lazy as _

from conversations.forms.conversations import AddPeopleForm
from conversations.models import Conversation
from conversations.models.access import people_visible_to
from conversations.models.conversation.membership import MemberOrder, MemberRole
from conversations.views.finding import find_conversation, find_cursor
from conversations.views.people.people import PAGE_PEOPLE, read_list
from conversations.views.showing import updates_in_place
from conversations.views.telling import tell
from conversations.views.verbs import verb

IS_NOW = {
    MemberRole.OWNER: _("%(name)s is now an owner of this conversation."),
    MemberRole.MEMBER: _("%(name)s is now a member of this conversation."),
    MemberRole.READER: _("%(name)s can now only read this conversation."),
}


def members(request, pk):
    conversation = find_conversation(request, pk)
    form = AddPeopleForm(request.POST or None, conversation=conversation, by=request.user)
    if form.is_valid():
        people = form.cleaned_data["people"]
        conversation.add(request.user, people)
        if not updates_in_place(request):
            names = get_text_list([person.name for person in people], _("and"))
            tell(request, _("%(names)s can now read and write here.") % {"names": names})
        return redirect("members", pk)
    return show_members(request, conversation, form, status=422 if form.errors else 200)


def show_members(request, conversation: Conversation, form: AddPeopleForm, status: int = 200) -> HttpResponse:
    words, order, after = read_list(request, MemberOrder)
    there = conversation.memberships.not_deleted().in_order(order)
    page = (there.named_like(words) if words else there).page(after, PAGE_PEOPLE)
    context = {"conversation": conversation, "memberships": page.rows, "more": page.next, "form": form}
    context |= {"orders": MemberOrder, "order": order, "is_long": bool(words or after or page.next)}
    context |= {"is_adding": form.is_bound or "add" in request.GET}
    if conversation.may_be_managed_by(request.user):
        found = conversation.former_members.removed_recently().select_related("user", "ended_by")
        removed = found.page(find_cursor(request, "removed"), PAGE_PEOPLE)
        context |= {"may_manage": True, "roles": MemberRole, "removed": removed.rows, "removed_earlier": removed.next}
        # Those beyond the page are shown once these are answered.
        context["asking"] = conversation.former_members.requests().select_related("user")[:PAGE_PEOPLE]
    return render(request, "conversation/members.html", context, status=status)


@verb("members")
def change_role(request, pk, username):
    conversation = find_conversation(request, pk)
    person = find_person(request, username)
    role = request.POST.get("role", "")
    conversation.change_role(request.user, person, role)
    tell(request, IS_NOW[MemberRole(role)] % {"name": person.name})
    return redirect("members", pk)


@verb("members")
def remove(request, pk, username):
    conversation = find_conversation(request, pk)
    person = find_person(request, username)
    conversation.remove(request.user, person)
    undo = reverse("restore-member", args=[pk, username])
    tell(request, _("%(name)s is no longer a member.") % {"name": person.name}, undo=undo)
    return redirect("members", pk)


@verb("members")
def restore(request, pk, username):
    conversation = find_conversation(request, pk)
    person = find_person(request, username)
    conversation.restore_member(request.user, person)
    tell(request, _("%(name)s is a member again.") % {"name": person.name})
    return redirect("members", pk)


@verb("members")
def accept_request(request, pk, username):
    conversation = find_conversation(request, pk)
    person = find_person(request, username)
    conversation.accept_request(request.user, person)
    tell(request, _("%(name)s is a member again.") % {"name": person.name})
    return redirect("members", pk)


@verb("members")
def decline_request(request, pk, username):
    conversation = find_conversation(request, pk)
    person = find_person(request, username)
    conversation.decline_request(request.user, person)
    tell(request, _("Request declined. %(name)s is not notified.") % {"name": person.name})
    return redirect("members", pk)


def find_person(request, username):
    """Find a present or former member, as far as the reader may know of them."""
    return get_object_or_404(people_visible_to(request.user), username=username)
