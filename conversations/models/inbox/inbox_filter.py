"""Filters of the inbox."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from conversations.models.access import Kind
from conversations.models.conversation.membership import COUNTS_ALL, Notify
from conversations.models.inbox.unread import has_unseen

HAS_NEWER = Q(last_message_id__isnull=False, last_message_at__gt=F("mine__last_read_at"))


class InboxFilter(models.TextChoices):
    """The conversations that an inbox shows. Archived ones are separate, but also under Unread."""

    UNREAD = "unread", _("Unread")
    ALL = "", _("All")
    DIRECT = "direct", _("Direct")
    ARCHIVED = "archived", _("Archived")

    def condition(self, user: User) -> Q:
        """Return a Q of the conversations to show, on a query `as_seen_by` the user, without querying messages."""
        is_open = Q(archived_at__isnull=True)
        conditions: dict[InboxFilter, Q] = {
            InboxFilter.ALL: is_open,
            InboxFilter.UNREAD: (Q(mine__notify__in=COUNTS_ALL) & HAS_NEWER)
            | (Q(mine__notify=Notify.MENTIONS) & has_unseen(user)),
            InboxFilter.DIRECT: is_open & Q(kind=Kind.DIRECT),
            InboxFilter.ARCHIVED: ~is_open,
        }
        return conditions[self]
