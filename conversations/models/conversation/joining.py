"""Joining and leaving: how people become members, and stop being members."""

from collections.abc import Collection
from typing import ClassVar

from django.db.models.fields.related_descriptors import ReverseManyToOneDescriptor
from django.utils.translation import gettext_lazy as _

from accounts.models import NotAllowed, User
from accounts.models.limits import take
from accounts.models.people import UserQuerySet
from conversations.models.access import NO_GUESTS, Kind
from conversations.models.announcing import announce
from conversations.models.conversation.changing import DEACTIVATED, Changing
from conversations.models.conversation.former_member import FormerMember
from conversations.models.conversation.membership import MemberRole, Membership

MEMBERS_ADD = _("Only members can add people, but not to direct or archived conversations.")
NEEDS_AN_OWNER = _("Make somebody else an owner first.")


class Joining(Changing):
    """Joining, adding people, leaving and rejoining."""

    former_members: "ClassVar[ReverseManyToOneDescriptor[FormerMember]]"

    class Meta:
        abstract = True

    def people_outside(self) -> UserQuerySet:
        """Query the people who could be added, by name."""
        return User.objects.active().exclude(memberships__conversation=self.pk).by_name()

    def join(self, by: User) -> None:
        """Become a member of an open conversation; raise NotAllowed."""
        take("change", by)
        with self.unless_deleted():
            # A guest sees only the open conversations that they are in already.
            may_see = by.is_active and not (by.is_guest and not self.is_visible_to(by))
            if self.kind != Kind.OPEN or self.archived_at or not may_see:
                raise NotAllowed(_("Only open conversations that are not archived can be joined."))
            self.admit([by])

    def add(self, by: User, people: Collection[User]) -> None:
        """Make `people` members; any member who is not a guest may do this. Raise NotAllowed."""
        take("change", by)
        if by.is_guest:
            raise NotAllowed(NO_GUESTS)
        with self.unless_deleted():
            is_member = by.is_active and self.memberships.filter(user=by).exists()
            if self.is_direct or self.archived_at or not is_member:
                raise NotAllowed(MEMBERS_ADD)
            self.admit(people)

    def leave(self, by: User) -> None:
        """End the membership of `by`; raise NotAllowed for the last member of a private conversation."""
        take("change", by)
        if not by.is_active:
            raise NotAllowed(DEACTIVATED)
        if self.is_direct:
            raise NotAllowed(_("You can’t leave a direct conversation."))
        if not self.memberships.filter(user=by).exists():
            return
        with self.changing():  # under whose lock the last two don't leave at once
            if self.kind == Kind.PRIVATE and not self.memberships.exclude(user=by).exists():
                raise NotAllowed(_("You are the last member. Add somebody before you leave."))
            self.require_another_owner(by)
            self.dismiss([by], by)

    def rejoin(self, by: User) -> None:
        """Undo `leave`, for a short time; raise NotAllowed."""
        take("change", by)
        with self.changing():
            former = self.former_members.may_rejoin(by).first()
            if former is None or not by.is_active:
                raise NotAllowed(_("You can’t rejoin this conversation."))
            self.readmit(former)

    def admit(self, people: Collection[User], owner: User | None = None) -> None:
        """Make `people` members, and optionally one the owner, without a permission check: for verbs that made it.

        Members stay as they are. Raises TypeError for an iterator, which could be read only once.
        """
        if not isinstance(people, Collection):
            raise TypeError("people have to be a collection")
        here = set(self.memberships.filter(user__in=people).values_list("user", flat=True))
        new = [person.pk for person in people if person.pk not in here]
        if not new:
            return
        with self.changing():
            before = FormerMember.objects.filter(conversation=self.pk, user__in=new)
            # Read-only members do not get to write by leaving and joining again.
            roles = before.roles_to_restore()
            before.delete()
            if owner:
                roles[owner.pk] = MemberRole.OWNER
            rows = [
                Membership(conversation_id=self.pk, user_id=pk, role=roles.get(pk, MemberRole.MEMBER)) for pk in new
            ]
            for pk in new:
                announce("joined", self.pk, pk)
            Membership.objects.bulk_create(rows, ignore_conflicts=True)

    def dismiss(self, people: Collection[User], by: User | None) -> None:
        """End memberships, within a change of the conversation, without a permission check."""
        for person in people:
            membership = self.memberships.select_for_update().filter(user=person).first()
            if membership:
                FormerMember.objects.remember(membership, by)
                Membership.objects.filter(pk=membership.pk).delete()
                announce("left", self.pk, person.pk)

    def readmit(self, former: FormerMember) -> None:
        """Restore a membership as it was, within a change of the conversation, without a permission check."""
        Membership.objects.bulk_create([former.as_membership()], ignore_conflicts=True)
        FormerMember.objects.filter(pk=former.pk).delete()
        announce("joined", self.pk, former.user_id)

    def require_another_owner(self, person: User) -> None:
        """Raise NotAllowed for the last owner if there are other members; of two who leave at once, one waits."""
        others = self.memberships.active().exclude(user=person)
        owners = self.memberships.owners()
        if owners.filter(user=person).exists() and others.exists() and not owners.exclude(user=person).exists():
            raise NotAllowed(NEEDS_AN_OWNER)
