"""Deletion of conversations: at once for everyone; it can be undone until the purge."""

from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import NotAllowed, User
from accounts.models.limits import take
from conversations.models.conversation.changing import Changing, managed
from conversations.models.message.deletable import ADMIN_RESTORE_PERIOD, AUTHOR_RESTORE_PERIOD


class Deletion(Changing):
    """Deleting a conversation, and undoing it."""

    class Meta:
        abstract = True

    def delete_by(self, by: User) -> None:
        """Hide the conversation from everyone, until `restore_by`; raise NotAllowed."""
        take("change", by)
        with self.managed_by(by):
            self.deleted_at, self.deleted_by = Now(), by
            self.save(update_fields=["deleted_at", "deleted_by"])
            self.audit(by, "deleted")

    def restore_by(self, by: User) -> None:
        """Undo `delete_by`; raise NotAllowed."""
        take("change", by)
        with self.changing():
            now = User.objects.active().filter(pk=by.pk).first()
            if now is None or not self.row().filter(restorable(now)).exists():
                raise NotAllowed(
                    _("Only the person who deleted the conversation can restore it, within a day, or an admin.")
                )
            self.deleted_at = self.deleted_by = None
            self.save(update_fields=["deleted_at", "deleted_by"])
            self.audit(by, "restored")


def restorable(user: User) -> Q:
    """Return a Q of the conversations that `user` may restore.

    Those that they deleted within a day, if they still manage them; for owners and admins of the workspace, all until
    the purge.
    """
    if user.is_active and user.is_staff:
        return Q(deleted_at__gt=Now() - ADMIN_RESTORE_PERIOD)
    return Q(deleted_at__gt=Now() - AUTHOR_RESTORE_PERIOD, deleted_by=user) & managed(user)
