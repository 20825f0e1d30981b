"""What a member chooses about a conversation: what notifies and counts there, and whether it is a favourite."""

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import NotAllowed, User
from accounts.models.limits import take
from conversations.models.announcing import announce
from conversations.models.conversation.changing import Changing
from conversations.models.conversation.membership import Notify

MEMBERS_CHOOSE = _("Only members can choose their notifications.")


class Notifying(Changing):
    """Choosing which messages count, and favourites."""

    class Meta:
        abstract = True

    def set_notify(self, by: User, level: str) -> None:
        """Choose which messages notify `by` and count as unread; raise NotAllowed unless they are a member."""
        take("change", by)
        if not by.is_active or level not in Notify.values:
            raise NotAllowed(MEMBERS_CHOOSE)
        with transaction.atomic():
            if not self.memberships.filter(user=by).update(notify=level, notify_since=Now()):
                raise NotAllowed(MEMBERS_CHOOSE)
            announce("read", self.pk, by.pk)

    def favour(self, by: User) -> None:
        """List the conversation among the favourites of `by`; raise NotAllowed unless they are a member."""
        self._set_favourite(by, is_favourite=True)

    def unfavour(self, by: User) -> None:
        """List the conversation in its usual section again; raise NotAllowed unless `by` is a member."""
        self._set_favourite(by, is_favourite=False)

    def _set_favourite(self, by: User, *, is_favourite: bool) -> None:
        take("change", by)
        if not (by.is_active and self.memberships.filter(user=by).update(is_favourite=is_favourite)):
            raise NotAllowed(_("Only members can choose their favourites."))
