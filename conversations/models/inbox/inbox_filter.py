"""Filters of the inbox."""

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from conversations.models.access import Kind
from conversations.models.conversation.membership import Notify
from conversations.models.inbox.unread import unseen_mentions

HAS_NEWER = Q(last_message_id__isnull=False, last_message_at__gt=F("mine__last_read_at"))


class InboxFilter(models.TextChoices):
    """The conversations that an inbox shows. Archived ones are separate, but also under Unread."""

    UNREAD = "unread", _("Unread")
    ALL = "", _("All")
    DIRECT = "direct", _("Direct")
    ARCHIVED = "archived", _("Archived")

    def condition(self, user: User) -> Q:
        """Return a Q of the conversations to show, on a query `as_seen_by` the user, without querying messages."""
        mentioned = Exists(unseen_mentions(OuterRef("pk"), user))
        is_open = Q(archived_at__isnull=True)
        conditions: dict[InboxFilter, Q] = {
            InboxFilter.ALL: is_open,
            InboxFilter.UNREAD: (Q(mine__notify=Notify.ALL) & HAS_NEWER)
            | (Q(mine__notify=Notify.MENTIONS) & Q(mentioned)),
            InboxFilter.DIRECT: is_open & Q(kind=Kind.DIRECT),
            InboxFilter.ARCHIVED: ~is_open,
        }
        return conditions[self]
