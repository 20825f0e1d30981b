"""Deleting a message: at once for everyone, undone for a while, and only then purged (purging.py)."""

from datetime import timedelta
from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts import names
from accounts.models import Audit, NotAllowed, User, limits
from conversations.models.conversation.membership import Membership
from conversations.models.message.fields import MessageFields

AUTHOR_RESTORE_PERIOD = timedelta(hours=24)  # for messages that they deleted themselves
ADMIN_RESTORE_PERIOD = timedelta(days=30)  # until it is purged


class DeletedMessages(models.QuerySet):
    """Messages, by whether they are deleted."""

    def restorable_by(self, user: User) -> Self:
        """Select the messages that `user` may restore: their own for a day, hidden ones until the purge."""
        return self.filter(is_restorable_by(user), is_system=False)

    def to_purge(self, after: timedelta = ADMIN_RESTORE_PERIOD) -> Self:
        """Select the messages that were deleted longer ago than `after`."""
        return self.filter(deleted_at__lte=Now() - after)


class Deletable(MessageFields):
    """A message that its author can delete, and that people who manage its conversation can hide."""

    class Meta:
        abstract = True

    def delete_by(self, by: User) -> None:
        """Delete the message for everyone, as its author; raises NotAllowed and LimitReached."""
        limits.take("change", by)
        with self.conversation.changing() as revision:
            if self.user_id != by.pk or not by.is_active:
                raise NotAllowed(_("Only the author can delete a message. Owners and admins can hide it."))
            self.mark_deleted(by, revision, None)

    def hide(self, by: User, reason: str) -> None:
        """Hide somebody else's message from everyone, with a reason; raises NotAllowed and LimitReached."""
        reason = names.clean(reason)
        limits.take("change", by)
        with self.conversation.changing() as revision:
            if not self.may_be_hidden_by(by):
                raise NotAllowed(_("Only the author can delete a message. Owners and admins can hide it."))
            if not reason:
                raise NotAllowed(_("Give a reason for hiding this message."))
            if self.mark_deleted(by, revision, reason):
                Audit.objects.record(by, "hid message", self.pk, reason)

    def restore_by(self, by: User | None) -> None:
        """Undo the deletion: as the author for a day, else until the purge; `by` is None for the command line.

        Raises NotAllowed and LimitReached.
        """
        limits.take("change", by)
        with self.conversation.changing() as revision:
            if by and not self.is_restorable_by(by):
                raise NotAllowed(_("It is too late to restore this message, or it was hidden. Ask an admin."))
            if by and self.user_id == by.pk:
                self.conversation.allow_writing(by)
            deleted = self.stored.filter(deleted_at__isnull=False)
            if deleted.update(revision=revision, deleted_at=None, deleted_by=None, deletion_reason=None):
                self.show_change_elsewhere()
                if by is None or self.user_id != by.pk:
                    Audit.objects.record(by, "restored message", self.pk)

    def may_be_hidden_by(self, user: User) -> bool:
        """Return whether `user`, who may see the message and is not its author, may hide it from everyone."""
        seen = self.conversation.messages.visible_to(user).filter(moderated_by(user), pk=self.pk, is_system=False)
        return self.user_id != user.pk and seen.exists()

    def is_restorable_by(self, user: User) -> bool:
        visible = self.conversation.messages.including_deleted_visible_to(user)
        return user.is_active and visible.restorable_by(user).filter(pk=self.pk).exists()

    def mark_deleted(self, by: User, revision: int, reason: str | None) -> bool:
        """Delete the message within a change, if `by` sees it; return whether it was not deleted yet."""
        row = self.conversation.messages.visible_to(by).filter(pk=self.pk, is_system=False)
        if row.update(deleted_at=Now(), revision=revision, deleted_by=by, deletion_reason=reason):
            self.show_change_elsewhere()
            return True
        if not self.conversation.messages.including_deleted_visible_to(by).filter(pk=self.pk).exists():
            raise NotAllowed(_("This message no longer exists."))
        return False

    def show_change_elsewhere(self) -> None:
        """Update whatever shows a part of this message: the inbox, its replies, the first message of its thread."""
        self.conversation.find_newest()
        self.conversation.touch(self.shown_in)


def moderated_by(user: User) -> Q:
    """Return a Q of the messages of others that `user`, if they see them, may hide and restore.

    Owners and admins of the workspace may, and owners of the conversation unless they are guests.
    """
    if not user.is_active or user.is_guest:
        return Q(pk__in=[])
    owned = Membership.objects.owners().filter(conversation=OuterRef("conversation"), user=user)
    return Q() if user.is_staff else Q(Exists(owned))


def is_restorable_by(user: User) -> Q:
    """Return a Q of the messages that `user` may restore: their own, and hidden ones that they moderate."""
    own = Q(user=user, deletion_reason__isnull=True) & (
        Q(deleted_at__isnull=True) | Q(deleted_at__gt=Now() - AUTHOR_RESTORE_PERIOD)
    )
    hidden = Q(deletion_reason__isnull=False) & ~Q(user=user) & Q(deleted_at__gt=Now() - ADMIN_RESTORE_PERIOD)
    return own | (hidden & moderated_by(user))
