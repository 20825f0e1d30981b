"""Accept an invitation, with a new or an existing account; request an invitation."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from accounts.forms.sign_up import SignUpForm
from accounts.models import User, Workspace
from accounts.models.visit import address_of
from accounts.sign_up_flow import begin_passkey, save_account, sign_in_new_person, sign_up_form
from conversations.forms.invitations import RequestInvitationForm
from conversations.jobs import answer_request
from conversations.models import Invitation
from conversations.models.invitation import InvitationExpired
from conversations.views.telling import tell


@never_cache
@login_not_required
@sensitive_post_parameters("password")
def join(request, token):
    """Accept an invitation: make an account, or, with an account, join its conversations."""
    found = Invitation.objects.named_by(token)
    if not found:
        return show_expired(request)
    if request.user.is_authenticated:
        return accept(request, found)
    form = sign_up_form(request, only_email=found.email)
    if "begin" in request.POST:
        return begin_passkey(request, form)
    if form.is_valid():
        try:
            return sign_in_new_person(request, form, sign_up(request, form, found))
        except InvitationExpired:
            return show_expired(request)
        except ValidationError as error:
            form.add_error(None, error)
    context = {"form": form, "invitation": found}
    return render(request, "people/accept_invitation.html", context, status=422 if form.errors else 200)


def show_expired(request):
    return render(request, "people/invitation_expired.html", status=404)


@transaction.atomic
def sign_up(request, form: SignUpForm, found: Invitation) -> User:
    """Create an account and count a use of the invitation, in one transaction."""
    if found.email:
        request.session["account_verified_email"] = found.email  # verified, because the link was sent there
    found.hold()
    user = save_account(request, form, found.role, is_invited=True)
    found.accept(user)
    return user


def accept(request, found):
    if request.method == "POST":
        try:
            found.accept(request.user)
        except InvitationExpired:
            return show_expired(request)
        tell(request, _("Welcome!"))
        return redirect("inbox")
    return render(request, "people/accept_invitation.html", {"invitation": found})


@login_not_required
def ask(request):
    """Send an invitation to an address at a domain whose people may sign up; the answer is always the same."""
    workspace = Workspace.objects.current()
    if workspace.sign_up != Workspace.SignUp.DOMAINS or not settings.MAIL:
        return render(request, "account/signup_closed.html", {"workspace": workspace}, status=403)
    form = RequestInvitationForm(request.POST or None)
    if form.is_valid():
        Invitation.objects.count_request(form.cleaned_data["email"], address_of(request))
        answer_request.enqueue(form.cleaned_data["email"], get_language())
        return render(request, "people/invitation_requested.html", {"workspace": workspace})
    return render(request, "people/request_invitation.html", {"form": form, "workspace": workspace})
