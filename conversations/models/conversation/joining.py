"""How people come into a conversation and leave it, and what they may do there."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from conversations.models.access import NO_GUESTS, Kind
from conversations.models.conversation import system_message
from conversations.models.conversation.membership import MemberRole, Membership

if TYPE_CHECKING:
    from conversations.models import Conversation

MEMBERS_ADD = _("Only members add people, and nobody to a direct or an archived conversation.")
NEEDS_AN_OWNER = _("Make somebody else an owner first.")
MADE = {MemberRole.OWNER: "an owner", MemberRole.MEMBER: "a member", MemberRole.READER: "read-only"}


class Joining:
    """The part of a conversation that is about who is in it."""

    def join(self: "Conversation", user: User) -> None:
        """Become a member of an open conversation."""
        with self.unless_deleted():
            if self.kind != Kind.OPEN or self.archived_at:
                raise PermissionDenied(_("Only open conversations that are not archived can be joined."))
            Membership.objects.add(self, [user])

    def add(self: "Conversation", by: User, people: Iterable[User]) -> None:
        """Make `people` members, which any member may do; never in a direct conversation."""
        if by.is_guest:
            raise PermissionDenied(NO_GUESTS)
        with self.unless_deleted():
            if self.is_direct or self.archived_at or not self.memberships.filter(user=by).exists():
                raise PermissionDenied(MEMBERS_ADD)
            Membership.objects.add(self, people)

    @transaction.atomic
    def replace_members(self: "Conversation", people: Iterable[User], by: User | None = None) -> None:
        """Make exactly `people` the members; who stays keeps their read mark."""
        if self.is_direct:
            raise PermissionDenied(_("A direct conversation is among the same people for good."))
        if self.kind == Kind.PRIVATE and not people:
            raise PermissionDenied(_("A private conversation without members could not be found again."))
        with self.changing():
            before, had_owners = set(self.members.all()), self.memberships.owners().exists()
            Membership.objects.remove(self, before - set(people), by)
            if had_owners and people and not self.memberships.owners().exists():
                raise PermissionDenied(NEEDS_AN_OWNER)
            if by and before != set(people):
                self.record(by, "changed the members of")
        Membership.objects.add(self, people)

    def leave(self: "Conversation", user: User) -> None:
        """Stop being a member; the last one stays in a private conversation, which else nobody could find again."""
        if self.is_direct:
            raise PermissionDenied(_("A direct conversation can't be left."))
        if not self.memberships.filter(user=user).exists():
            return
        with self.changing():  # under whose lock the last two don't leave at once
            if self.kind == Kind.PRIVATE and not self.memberships.exclude(user=user).exists():
                raise PermissionDenied(_("You are the last one here: add somebody before you leave."))
            self.keep_an_owner_besides(user)
            Membership.objects.remove(self, [user], by=user)

    def rejoin(self: "Conversation", user: User) -> None:
        """Undo that `user` has left by themselves, a short while ago."""
        with self.changing():
            former = self.former_members.may_rejoin().filter(user=user).first()
            if former is None:
                raise PermissionDenied(_("There is nothing to come back to."))
            Membership.objects.restore_membership(former)

    def change_role(self: "Conversation", by: User, person: User, role: str) -> None:
        """Let a member do more or less here, as owners decide."""
        with self.managed_by(by) as revision:
            member = self.membership_of(person)
            if member.role == role:
                return
            if role == MemberRole.OWNER and (person.is_guest or not person.is_active):
                raise PermissionDenied(_("Guests, and who can’t sign in, can’t be owners."))
            self.keep_an_owner_besides(person)
            self.memberships.filter(user=person).update(role=role)
            if by != person:
                system_message.write(self.pk, revision, by, f"made {person.name} {MADE[MemberRole(role)]}")
            self.record(by, f"made {person.username} {MADE[MemberRole(role)]} in")

    def remove_member(self: "Conversation", by: User, person: User) -> None:
        """End somebody's membership, and their streams; `restore_membership` undoes it."""
        with self.managed_by(by) as revision:
            self.membership_of(person)
            if by == person:
                raise PermissionDenied(_("To go yourself, leave."))
            self.keep_an_owner_besides(person)
            Membership.objects.remove(self, [person], by)
            system_message.write(self.pk, revision, by, f"removed {person.name}")
            self.record(by, f"removed {person.username} from")

    def restore_membership(self: "Conversation", by: User, person: User) -> None:
        """Undo that somebody was removed, as owners may: the membership goes on as it was."""
        with self.managed_by(by) as revision:
            former = self.former_members.removed_recently().filter(user=person).first()
            if former is None:
                raise PermissionDenied(_("Nobody removed them from here lately."))
            Membership.objects.restore_membership(former)
            system_message.write(self.pk, revision, by, f"brought {person.name} back")
            self.record(by, f"brought {person.username} back into")

    def membership_of(self: "Conversation", person: User) -> Membership:
        """Find somebody's membership, within a change; raise PermissionDenied where they have left meanwhile."""
        if self.is_direct:
            raise PermissionDenied(_("A direct conversation is among the same people for good."))
        found = self.memberships.filter(user=person).first()
        if found is None:
            raise PermissionDenied(_("They are no member any more."))
        return found

    def keep_an_owner_besides(self: "Conversation", person: User) -> None:
        """Refuse to lose the last owner while there are others; of two who go at once, one waits for the lock."""
        others = self.memberships.active().exclude(user=person)
        owners = self.memberships.owners()
        if owners.filter(user=person).exists() and others.exists() and not owners.exclude(user=person).exists():
            raise PermissionDenied(NEEDS_AN_OWNER)
