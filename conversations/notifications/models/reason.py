"""Why people are notified of a message, and what becomes of each notification."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Reason(models.TextChoices):
    """Why somebody is notified; where several reasons hold, it is the first."""

    MENTION = "mention", _("You were mentioned")
    DIRECT = "direct", _("It is a direct message to you")
    REPLY = "reply", _("It is a reply to your message")
    THREAD = "thread", _("It is a reply in a thread that you follow")
    CALL = "call", _("Everyone was mentioned")
    WATCH = "watch", _("You chose “Every message” here")


class Outcome(models.TextChoices):
    """What became of a notification over one channel. Those of silences are in the order in which they are decided."""

    WAITING = "", _("Not sent yet")
    SENT = "sent", _("Sent")
    DELETED = "deleted", _("The message had been deleted")
    INVISIBLE = "invisible", _("You could not see the message any more")
    UNMENTIONED = "unmentioned", _("An edit had removed the mention")
    READ = "read", _("You had read it already")
    MUTED = "muted", _("The conversation is muted")
    THREAD_MUTED = "thread", _("The thread is muted")
    LEVEL = "level", _("You chose fewer notifications for this conversation")
    OFF = "off", _("You switched off notifications of this kind")
    NOT_BY_MAIL = "never", _("There is no mail about messages of this kind")
    POLICY = "policy", _("The workspace has switched this off")
    NO_FACTOR = "factor", _("You have to set up a second factor first")
    NO_DEVICE = "device", _("No browser of yours had push; open pages showed a notice")
    NO_MAIL = "mail", _("This site sends no mail")
    UNCONFIRMED = "unconfirmed", _("Your e-mail address is not confirmed")
    REFUSED = "refused", _("Mail to your address was refused")
    FAILED = "failed", _("It could not be delivered")
