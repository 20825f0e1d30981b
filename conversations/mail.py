"""Mail about conversations: invitations."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from accounts.mail import send_later, writer
from accounts.models import Workspace
from conversations.models import Invitation

INVITATION = "invitation"


def send_invitation(invitation: Invitation) -> None:
    """Send the link of an invitation to its e-mail address."""
    send_later(INVITATION, invitation=invitation.pk)


@writer(INVITATION)
def write_invitation(invitation: int) -> EmailMessage | None:
    """Write the mail with an invite link, unless the invitation was revoked or used in the meantime."""
    found = Invitation.objects.good().filter(pk=invitation).select_related("created_by").first()
    if not found:
        return None
    workspace, link = Workspace.objects.current(), settings.SITE_ADDRESS + found.link
    body = render_to_string("people/invitation_mail.txt", {"workspace": workspace, "link": link, "invitation": found})
    subject = _("Your invitation to %(workspace)s") % {"workspace": workspace.name}
    return EmailMessage(subject, body, to=[found.email])
