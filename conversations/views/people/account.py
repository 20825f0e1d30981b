"""What owners and admins do about people. Others learn nothing here, not even whether there is such a person."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from accounts.forms.role import RoleForm
from accounts.models import Role, User
from accounts.views.passwords import with_passwords

IS_NOW = {
    Role.OWNER: _("%(name)s is owner now."),
    Role.ADMIN: _("%(name)s is admin now."),
    Role.MEMBER: _("%(name)s is member now."),
    Role.GUEST: _("%(name)s is guest now."),
}


def managed(view: Callable) -> Callable:
    """Give a view the person whom an address names, if who asks may manage them."""

    @require_POST
    @wraps(view)
    def answer(request: HttpRequest, username: str) -> HttpResponse:
        if not request.user.is_staff:
            raise PermissionDenied(_("Only owners and admins do that."))
        person = get_object_or_404(User, username=username)
        if not request.user.may_manage(person):
            raise PermissionDenied(_("Only owners, and admins below them, do that."))
        return view(request, person)

    return answer


@managed
def change_role(request, person):
    form = RoleForm(request.POST, roles=request.user.roles_to_give())
    if not form.is_valid():
        raise PermissionDenied(_("That role is not yours to give."))
    person.change_role(request.user, form.cleaned_data["role"])
    messages.success(request, IS_NOW[person.role] % {"name": person.name})
    return redirect(person)


@managed
def deactivate(request, person):
    person.deactivate(request.user)
    messages.success(request, _("%(name)s can’t sign in any more. What they wrote stays.") % {"name": person.name})
    return redirect(person)


@managed
def reactivate(request, person):
    person.reactivate(request.user)
    messages.success(request, _("%(name)s can sign in again.") % {"name": person.name})
    return redirect(person)


@with_passwords
@managed
def make_link(request, person):
    """Show a link by which somebody chooses another password, to hand over where there is no mail."""
    link = request.build_absolute_uri(person.make_reset_link(request.user))
    return render(request, "accounts/link.html", {"person": person, "link": link})


@managed
def remove_second_factor(request, person):
    """Help somebody who has lost what they sign in with; all their visits end."""
    person.remove_second_factor(request.user)
    messages.success(request, _("%(name)s signs in without a second factor now.") % {"name": person.name})
    return redirect(person)
