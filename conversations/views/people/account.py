"""What owners and admins do with the accounts of others."""

from django.conf import settings
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from accounts.models import Role
from accounts.views.passwords import with_passwords
from conversations.views.people.finding import find_managed
from conversations.views.telling import tell

IS_NOW = {
    Role.OWNER: _("%(name)s is now an owner."),
    Role.ADMIN: _("%(name)s is now an admin."),
    Role.MEMBER: _("%(name)s is now a member."),
    Role.GUEST: _("%(name)s is now a guest."),
}


@require_POST
def change_role(request, username):
    person = find_managed(request, username)
    person.change_role(request.user, request.POST.get("role", ""))
    tell(request, IS_NOW[Role(person.role)] % {"name": person.name})
    return redirect(person)


@require_POST
def deactivate(request, username):
    person = find_managed(request, username)
    person.deactivate(request.user)
    tell(request, _("%(name)s can no longer sign in. Their messages stay.") % {"name": person.name})
    return redirect(person)


@require_POST
def reactivate(request, username):
    person = find_managed(request, username)
    person.reactivate(request.user)
    tell(request, _("%(name)s can sign in again.") % {"name": person.name})
    return redirect(person)


@with_passwords
@require_POST
def make_link(request, username):
    """Show a password reset link, to hand over if the site sends no mail."""
    person = find_managed(request, username)
    link = settings.SITE_ADDRESS + person.make_reset_link(request.user)
    return render(request, "accounts/link.html", {"person": person, "link": link})


@require_POST
def remove_second_factor(request, username):
    """Remove the second factor of somebody who has lost it."""
    person = find_managed(request, username)
    person.remove_second_factor(request.user)
    tell(request, _("%(name)s now signs in without a second factor.") % {"name": person.name})
    return redirect(person)
