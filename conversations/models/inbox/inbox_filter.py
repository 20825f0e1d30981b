"""Filters of the inbox: which of one's conversations it shows."""

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from conversations.models.access import Kind
from conversations.models.conversation.membership import Notify, unseen_mentions

HAS_NEWER = Q(last_message_id__isnull=False, last_message_at__gt=F("mine__last_read_at"))


class InboxFilter(models.TextChoices):
    """What an inbox shows. What is archived is apart, but nothing that is unread is hidden for that."""

    ALL = "", _("All")
    UNREAD = "unread", _("Unread")
    MENTIONS = "mentions", _("Mentions")
    DIRECT = "direct", _("Direct")
    ARCHIVED = "archived", _("Archived")

    def keeps(self, user: User) -> Q:
        """Tell which conversations `as_seen_by` this user are shown, by what is at hand without their messages."""
        mentioned = Exists(unseen_mentions(OuterRef("pk"), user))
        is_open = Q(archived_at__isnull=True)
        return {
            self.ALL: is_open,
            self.UNREAD: (Q(mine__notify=Notify.ALL) & HAS_NEWER) | (Q(mine__notify=Notify.MENTIONS) & mentioned),
            self.MENTIONS: Q(mentioned),
            self.DIRECT: is_open & Q(kind=Kind.DIRECT),
            self.ARCHIVED: ~is_open,
        }[self]
