"""Invitations: make one, show its link, revoke it."""

import base64
from io import BytesIO

import qrcode
from django.conf import settings
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from qrcode.image.svg import SvgPathImage

from conversations.forms.invitations import InvitationForm
from conversations.mail import send_invitation
from conversations.models import Invitation
from conversations.views.finding import parse_id
from conversations.views.telling import tell

PAGE_INVITATIONS = 100


def invitations(request):
    """List the valid invitations, or create one."""
    mine = Invitation.objects.managed_by(request.user)
    form = InvitationForm(request.POST or None, by=request.user, sends_mail=bool(settings.MAIL))
    if form.is_valid():
        invitation = form.invite()
        if invitation.email:
            send_invitation(invitation)
            tell(request, _("The invitation is being sent to %(address)s.") % {"address": invitation.email})
        return redirect("invitation", invitation.pk)
    cursor = parse_id(request.GET.get("earlier", ""))
    page = mine.good().newest_first().select_related("created_by").page(cursor, PAGE_INVITATIONS)
    context = {"form": form, "invitations": page.rows, "earlier": page.next}
    return render(request, "people/invitations.html", context, status=422 if form.errors else 200)


@require_safe
def invitation(request, pk):
    """Show the link of an invitation, to copy or to scan."""
    found = get_object_or_404(Invitation.objects.managed_by(request.user).good(), pk=pk)
    link = settings.SITE_ADDRESS + found.link
    context = {"invitation": found, "link": link, "code": draw_qr_code(link)}
    return render(request, "people/invitation.html", context)


@require_POST
def revoke(request, pk):
    get_object_or_404(Invitation.objects.managed_by(request.user), pk=pk).revoke(request.user)
    tell(request, _("The invite link is revoked."))
    return redirect("invitations")


def draw_qr_code(link: str) -> str:
    """Draw a link as a QR code, in a data URL."""
    drawn = BytesIO()
    qrcode.make(link, image_factory=SvgPathImage).save(drawn)
    return f"data:image/svg+xml;base64,{base64.b64encode(drawn.getvalue()).decode()}"
