"""Deleting messages: at once for everyone, undone for a while, and only then for good (purging.py)."""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.models import Audit, User
from conversations.models.conversation.membership import MemberRole, Membership

if TYPE_CHECKING:
    from conversations.models.message.message import Message, MessageQuerySet

AUTHOR_RESTORE_PERIOD = timedelta(hours=24)  # to restore what they deleted themselves
ADMIN_RESTORE_PERIOD = timedelta(days=30)  # then it is purged


def delete(message: "Message", by: User, reason: str) -> None:
    """Take a message away from everyone: by its author, or hidden by a moderator, who has to say why."""
    with message.conversation.changing() as revision:
        if message.user_id != by.pk:
            if not may_hide(message, by):
                raise PermissionDenied(_("Only who wrote a message can delete it, and owners and admins can hide it."))
            if not reason:
                raise PermissionDenied(_("Say why you hide this message."))
        fields = {"deleted_by": by, "deletion_reason": None if message.user_id == by.pk else reason}
        if rows_of(message).not_deleted().update(deleted_at=Now(), revision=revision, **fields):
            tell_around(message)
            if message.user_id != by.pk:
                Audit.objects.record(by, "hid message", message.pk, reason)


def restore(message: "Message", by: User | None) -> None:
    """Give a deleted message back to its place, with all that belongs to it; `by` is None for the command line."""
    with message.conversation.changing() as revision:
        if by and not rows_of(message).filter(may_restore(by)).exists():
            raise PermissionDenied(_("It is too late to restore this message, or it was hidden: ask an admin."))
        fields = {"deleted_at": None, "deleted_by": None, "deletion_reason": None}
        if rows_of(message).filter(deleted_at__isnull=False).update(revision=revision, **fields):
            tell_around(message)
            if by is None or message.user_id != by.pk:
                Audit.objects.record(by, "restored message", message.pk)


def tell_around(message: "Message") -> None:
    """Renew what shows a part of this message: the inbox, its answers, and the first message of its thread."""
    message.conversation.find_newest()
    message.conversation.touch(message.shown_in())


def rows_of(message: "Message") -> "MessageQuerySet":
    return type(message).objects.filter(pk=message.pk, is_system=False)


def may_hide(message: "Message", user: User) -> bool:
    """Tell whether `user`, who may see the message, may hide it: owners of its conversation, owners and admins here."""
    return user.is_staff or message.conversation.memberships.filter(user=user, role=MemberRole.OWNER).exists()


def may_restore(user: User) -> Q:
    """Tell which messages `user` may restore: their own for a day, and as a moderator what is not purged yet."""
    own = Q(user=user, deletion_reason__isnull=True) & (
        Q(deleted_at__isnull=True) | Q(deleted_at__gt=Now() - AUTHOR_RESTORE_PERIOD)
    )
    late = Q(deleted_at__gt=Now() - ADMIN_RESTORE_PERIOD)
    if user.is_staff:
        return own | late
    owned = Membership.objects.filter(conversation=OuterRef("conversation"), user=user, role=MemberRole.OWNER)
    return own | (late & Exists(owned))


def recently_deleted(messages: "MessageQuerySet", user: User) -> models.QuerySet:
    """Query what `user` may restore, the last deleted first; the words of others who deleted them are not for them."""
    gone = messages.filter(deleted_at__isnull=False, is_system=False).filter(may_restore(user))
    return gone.select_related("user", "conversation", "deleted_by").order_by("-deleted_at", "-pk")
