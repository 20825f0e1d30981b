"""Newcomers: the default conversations, which everyone but guests joins on their first visit."""

from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Audit, NotAllowed, User
from accounts.models.limits import take
from conversations.models.access import Kind
from conversations.models.browsing import Browsing
from conversations.models.conversation.changing import Changing
from conversations.models.conversation.former_member import FormerMember


class Newcomers(Browsing[Any]):
    """The default conversations, and letting people into them."""

    def defaults(self, by: User) -> "Newcomers":
        """List the default conversations for an owner or admin; raise NotAllowed."""
        refuse_others(by)
        return self.joined_by_newcomers().by_activity()

    def joined_by_newcomers(self) -> "Newcomers":
        return self.filter(is_default=True, kind=Kind.OPEN, archived_at=None, deleted_at=None)

    def to_join_by_default(self, by: User) -> "Newcomers":
        """List the conversations that may become default ones: open ones that are not archived; raise NotAllowed."""
        refuse_others(by)
        return self.visible_to(by).filter(kind=Kind.OPEN, archived_at=None).by_activity()

    @transaction.atomic
    def set_defaults(self, by: User, chosen: Collection[Changing]) -> None:
        """Let newcomers join exactly these conversations; raise NotAllowed for all but owners and admins."""
        take("change", by)
        ids = [each.pk for each in chosen]
        if self.to_join_by_default(by).with_ids(ids).count() < len(ids):
            raise NotAllowed(_("Newcomers can join only open conversations that are not archived."))
        self.filter(is_default=True).exclude(pk__in=ids).update(is_default=False)
        self.with_ids(ids).update(is_default=True)
        titles = ", ".join(f"“{each}”" for each in chosen)
        Audit.objects.record(by, "changed", "default conversations", f"to {titles or 'none'}")

    @transaction.atomic
    def welcome(self, user: User) -> None:
        """Let a newcomer into the default conversations; the very first person gets one to begin with."""
        if user.is_guest:
            return
        if user.is_owner and not User.objects.can_sign_in().other_than(user).exists():
            self.found(user)
        removed = FormerMember.objects.were_removed(user).values("conversation")
        for conversation in self.joined_by_newcomers().exclude(pk__in=removed):
            conversation.let_in([user])

    def found(self, owner: User) -> None:
        """Make #general the first default conversation: the one that was imported, else a new one of `owner`."""
        title = _("general")
        if self.joined_by_newcomers().exists():
            return
        here = self.filter(kind=Kind.OPEN, archived_at=None, deleted_at=None)
        found = here.filter(title__folded=title).first()
        if found is None:
            topic = _("Everything that concerns all of us")
            found = self.create(created_by=owner, title=title, kind=Kind.OPEN, topic=topic)
            found.admit([owner], owner=owner)
        self.with_ids([found.pk]).update(is_default=True)


def refuse_others(user: User) -> None:
    if not (user.is_active and user.is_staff):
        raise NotAllowed(_("Only owners and admins can choose the default conversations."))
