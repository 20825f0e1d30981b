"""Invitations: make one, hand it over, take it back; and the page where somebody accepts it."""

import base64
from io import BytesIO

import qrcode
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.mail import EmailMessage
from django.db import transaction
from django.http import HttpRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe
from qrcode.image.svg import SvgPathImage

from accounts.forms.sign_up import SignUpForm
from accounts.mail import send_in_background
from accounts.models import Audit, User, Workspace
from accounts.models.limits import take, take_by_key
from accounts.models.visit import address_of
from accounts.sign_up_flow import begin_passkey, come_in, save_account, sign_up_form
from conversations.forms.people import AskForm, InvitationForm
from conversations.models import Invitation
from conversations.models.invitation import InvitationExpired
from conversations.views.finding import number

SHOWN = 100


def invitations(request):
    """List the invitations that are still good, and make another."""
    refuse_others(request)
    form = InvitationForm(request.POST or None, inviting=request.user, sends_mail=bool(settings.MAIL))
    if form.is_valid():
        take("invite", request.user)
        with transaction.atomic():
            invitation = form.invite()
            Audit.objects.record(request.user, f"invited a {invitation.role} by", invitation, invitation.email)
        if invitation.email:
            send(request, invitation)
            messages.success(request, _("The invitation is on its way to %(address)s.") % {"address": invitation.email})
        return redirect("invitation", invitation.pk)
    mine = Invitation.objects.managed_by(request.user)
    cursor = number(request.GET.get("earlier", ""))
    page = mine.good().newest_first().select_related("created_by").page(cursor, SHOWN)
    context = {"form": form, "invitations": page.rows, "earlier": page.next}
    return render(request, "people/invitations.html", context, status=422 if form.errors else 200)


@require_safe
def invitation(request, pk):
    """Show the link of an invitation, to copy or to scan."""
    refuse_others(request)
    found = get_object_or_404(Invitation.objects.managed_by(request.user).good(), pk=pk)
    link = request.build_absolute_uri(found.link)
    context = {"invitation": found, "link": link, "code": picture_of(link)}
    return render(request, "people/invitation.html", context)


@require_POST
def revoke(request, pk):
    refuse_others(request)
    get_object_or_404(Invitation.objects.managed_by(request.user), pk=pk).revoke(request.user)
    messages.success(request, _("Nobody gets in by that link any more."))
    return redirect("invitations")


@never_cache
@login_not_required
@sensitive_post_parameters("password")
def join(request, token):
    """Accept an invitation: make an account, or, who has one, come into its conversations."""
    found = Invitation.objects.named_by(token)
    if not found:
        return over(request)
    if request.user.is_authenticated:
        return accept(request, found)
    form = sign_up_form(request, only_email=found.email)
    if "begin" in request.POST:
        return begin_passkey(request, form)
    if form.is_valid():
        try:
            return come_in(request, form, sign_up(request, form, found))
        except InvitationExpired:
            return over(request)
        except ValidationError as error:
            form.add_error(None, error)
    context = {"form": form, "invitation": found}
    return render(request, "people/accept_invitation.html", context, status=422 if form.errors else 200)


def over(request):
    return render(request, "people/invitation_expired.html", status=404)


@transaction.atomic
def sign_up(request: HttpRequest, form: SignUpForm, found: Invitation) -> User:
    """Make an account and use the invitation up, both or neither."""
    if found.email:
        request.session["account_verified_email"] = found.email  # allauth takes it for verified: the link came there
    found.use()
    user = save_account(request, form, found.role)
    found.bring_in(user)
    return user


def accept(request, found):
    if request.method == "POST":
        try:
            with transaction.atomic():
                found.use()
                found.bring_in(request.user)
        except InvitationExpired:
            return over(request)
        messages.success(request, _("You are in."))
        return redirect("inbox")
    return render(request, "people/accept_invitation.html", {"invitation": found})


@login_not_required
def ask(request):
    """Send an invitation to who has an address at a domain whose people may sign up; the answer is always the same."""
    workspace = Workspace.objects.current()
    if workspace.sign_up != Workspace.SignUp.DOMAINS or not settings.MAIL:
        return render(request, "account/signup_closed.html", {"workspace": workspace}, status=403)
    form = AskForm(request.POST or None)
    if form.is_valid():
        email = form.cleaned_data["email"]
        take_by_key("sign up", address_of(request))
        take_by_key("invite", email)
        if workspace.admits(email) and not User.objects.filter(email=email).exists():
            send(request, Invitation.objects.invite(None, email=email))
        return render(request, "people/invitation_requested.html", {"workspace": workspace})
    return render(request, "people/request_invitation.html", {"form": form, "workspace": workspace})


def refuse_others(request: HttpRequest) -> None:
    if not request.user.is_staff:
        raise PermissionDenied(_("Only owners and admins invite people."))


def send(request: HttpRequest, found: Invitation) -> None:
    workspace, link = Workspace.objects.current(), request.build_absolute_uri(found.link)
    body = render_to_string("people/invitation_mail.txt", {"workspace": workspace, "link": link, "invitation": found})
    subject = _("Your invitation to %(workspace)s") % {"workspace": workspace.name}
    send_in_background(EmailMessage(subject, body, to=[found.email]))


def picture_of(link: str) -> str:
    """Draw a link as a QR code, as the address of an image."""
    drawn = BytesIO()
    qrcode.make(link, image_factory=SvgPathImage).save(drawn)
    return f"data:image/svg+xml;base64,{base64.b64encode(drawn.getvalue()).decode()}"
