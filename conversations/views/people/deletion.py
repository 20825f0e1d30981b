"""Delete the account of somebody else, and undo that."""

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from conversations.forms.accounts import DeleteAccountForm
from conversations.models.account_deletion import allow_deleting, delete_account, restore_account
from conversations.views.people.finding import find_managed
from conversations.views.telling import tell


def delete(request, username):
    """Delete an account, after asking what becomes of the messages."""
    person = find_managed(request, username)
    allow_deleting(request.user, person)
    form = DeleteAccountForm(request.POST or None, person=person)
    if form.is_valid():
        delete_account(request.user, person, form.cleaned_data["words"] == "delete")
        undo = reverse("restore-account", args=[username])
        tell(request, _("%(name)s’s account is deleted.") % {"name": person.name}, undo=undo)
        return redirect("people")
    status = 422 if form.errors else 200
    return render(request, "people/delete_account.html", {"person": person, "form": form}, status=status)


@require_POST
def restore(request, username):
    person = find_managed(request, username)
    restore_account(request.user, person)
    tell(request, _("%(name)s’s account is restored.") % {"name": person.name})
    return redirect(person)
