"""People: who is here, and a page for each."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Role, User
from accounts.models.people import shown_name
from conversations.forms.people import DeleteAccountForm
from conversations.models import Conversation
from conversations.models.access import people_visible_to
from conversations.models.account_deletion import delete_account, restore_account
from conversations.models.message.deletable import ADMIN_RESTORE_PERIOD

PAGE = 50


@require_safe
def people(request):
    """List who is here by user name, from `?after=` on; `?q=` finds them by a part of a name."""
    words, after = request.GET.get("q", "").strip()[:100], request.GET.get("after", "")
    known = people_visible_to(request.user).not_deleted()
    found = known.order_by("username")
    if not request.user.is_staff:
        found = found.active()
    if words := words.replace("\0", "").removeprefix("@"):
        found = found.annotate(called=shown_name()).filter(Q(username__icontains=words) | Q(called__icontains=words))
    page = found.page(after.replace("\0", ""), PAGE)
    context = {"people": page.rows, "words": words, "more": page.next}
    return render(request, "people/people.html", context)


@require_safe
def person(request, username):
    one = get_object_or_404(people_visible_to(request.user), username=username)
    shared = Conversation.objects.inbox_of(request.user).filter(memberships__user=one).exclude(kind="direct")
    context = {
        "person": one,
        "shared": [] if one == request.user else shared[:PAGE],
        "gone_at": one.deleted_at and one.deleted_at + ADMIN_RESTORE_PERIOD,
        "may_manage": request.user.may_manage(one),
        "roles": [role for role in Role if role in request.user.roles_to_give()],
    }
    return render(request, "people/person.html", context)


@require_POST
def write_to(request, username):
    """Open the direct conversation with somebody."""
    one = get_object_or_404(people_visible_to(request.user).active(), username=username)
    if one == request.user:
        raise PermissionDenied(_("A conversation with yourself would be a quiet one."))
    return redirect("conversation", Conversation.objects.direct(request.user, [one]).pk)


def delete(request, username):
    """Delete an account, after asking what becomes of the words; for some weeks that can be undone."""
    one = find_managed(request, username)
    form = DeleteAccountForm(request.POST or None, person=one)
    if form.is_valid():
        delete_account(one, request.user, form.cleaned_data["words"] == "delete")
        undo = reverse("restore-account", args=[username])
        words = _("The account of %(name)s is deleted.") % {"name": one.name}
        messages.success(request, words, extra_tags=undo)
        return redirect("people")
    status = 422 if form.errors else 200
    return render(request, "people/delete_account.html", {"person": one, "form": form}, status=status)


@require_POST
def restore(request, username):
    one = find_managed(request, username)
    restore_account(one, request.user)
    messages.success(request, _("The account of %(name)s is back.") % {"name": one.name})
    return redirect(one)


def find_managed(request: HttpRequest, username: str) -> User:
    """Find somebody whom the person who asks may manage; others learn not even whether there is such a person."""
    if not request.user.is_staff:
        raise PermissionDenied(_("Only owners and admins do that."))
    one = get_object_or_404(people_visible_to(request.user), username=username)
    if not request.user.may_manage(one):
        raise PermissionDenied(_("Only owners, and admins below them, do that."))
    return one
