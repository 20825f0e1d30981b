"""What a member chooses to count as unread in a conversation."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import NotAllowed, User
from accounts.models.limits import take
from conversations.models.announcing import announce
from conversations.models.conversation.changing import Changing
from conversations.models.conversation.membership import Notify

MEMBERS_CHOOSE = _("Only members can choose their notifications.")


class Notifying(Changing):
    """Choosing which messages count."""

    class Meta:
        abstract = True

    def set_notify(self, by: User, level: str) -> None:
        """Choose which messages count as unread for `by`; raise NotAllowed unless they are a member."""
        take("change", by)
        if not by.is_active or level not in Notify.values:
            raise NotAllowed(MEMBERS_CHOOSE)
        with transaction.atomic():
            if not self.memberships.filter(user=by).update(notify=level):
                raise NotAllowed(MEMBERS_CHOOSE)
            announce("read", self.pk, by.pk)
