"""Invitations sent by mail."""

from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from accounts.mail import send_in_background
from accounts.models import Workspace
from conversations.models import Invitation


def send(request, found: Invitation) -> None:
    """Send the link of an invitation to its e-mail address."""
    workspace, link = Workspace.objects.current(), request.build_absolute_uri(found.link)
    body = render_to_string("people/invitation_mail.txt", {"workspace": workspace, "link": link, "invitation": found})
    subject = _("Your invitation to %(workspace)s") % {"workspace": workspace.name}
    send_in_background(EmailMessage(subject, body, to=[found.email]))
