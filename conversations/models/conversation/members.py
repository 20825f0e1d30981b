"""How owners manage the members of a conversation: change their roles, and remove them."""

from collections.abc import Collection

from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import NotAllowed, User
from accounts.models.limits import take
from conversations.models.access import Kind
from conversations.models.conversation.former_member import FormerMember
from conversations.models.conversation.joining import NEEDS_AN_OWNER, Joining
from conversations.models.conversation.membership import MemberRole, Membership
from conversations.models.event.event import Verb, change
from conversations.models.message import system_message

ROLE_WORDS = {MemberRole.OWNER: "an owner", MemberRole.MEMBER: "a member", MemberRole.READER: "read-only"}
SAME_PEOPLE = _("The people of a direct conversation never change.")


class ManagingMembers(Joining):
    """Roles of members, and removing them."""

    class Meta:
        abstract = True

    def change_role(self, by: User, person: User, role: str) -> None:
        """Give a member another role here; raise NotAllowed."""
        take("change", by)
        if role not in MemberRole.values:
            raise NotAllowed(_("There is no such role."))
        with self.managed_by(by) as revision:
            before = self.membership_of(person).role
            if before == role:
                return
            if role == MemberRole.OWNER and (person.is_guest or not person.is_active):
                raise NotAllowed(_("Guests and deactivated people can’t be owners."))
            self.require_another_owner(person)
            self.memberships.filter(user=person).update(role=role)
            words = ROLE_WORDS[MemberRole(role)]
            if by != person:
                particulars = {"person": person.pk, "role": change(before, role)}
                system_message.write(self.pk, revision, by, Verb.ROLE_CHANGED, particulars)
            self.audit_admins(by, f"made {person.username} {words} in")

    def remove(self, by: User, person: User) -> None:
        """End somebody's membership, and their streams; `restore_member` undoes it. Raise NotAllowed."""
        take("change", by)
        with self.managed_by(by) as revision:
            self.membership_of(person)
            if by == person:
                raise NotAllowed(_("To remove yourself, leave the conversation."))
            self.require_another_owner(person)
            self.dismiss([person], by)
            system_message.write(self.pk, revision, by, Verb.REMOVED, {"person": person.pk})
            self.audit_admins(by, f"removed {person.username} from")

    def restore_member(self, by: User, person: User) -> None:
        """Undo `remove`: restore the membership as it was. Raise NotAllowed."""
        take("change", by)
        with self.managed_by(by) as revision:
            former = self.former_members.removed_recently().select_related("user").filter(user=person).first()
            if former is None:
                raise NotAllowed(_("This person was not removed recently."))
            self.allow_admitting(former.user)
            self.readmit(former, restores_owner=True)
            system_message.write(self.pk, revision, by, Verb.RESTORED, {"person": person.pk})
            self.audit_admins(by, f"restored {person.username} in")

    def accept_request(self, by: User, person: User) -> None:
        """Accept somebody's request to rejoin; raise NotAllowed."""
        take("change", by)
        with self.managed_by(by) as revision:
            former = self.request_of(person)
            self.allow_admitting(former.user)
            self.readmit(former, restores_owner=False)
            system_message.write(self.pk, revision, by, Verb.READMITTED, {"person": person.pk})
            self.audit_admins(by, f"readmitted {person.username} to")

    def decline_request(self, by: User, person: User) -> None:
        """Decline somebody's request to rejoin, without notifying them; raise NotAllowed."""
        take("change", by)
        with self.managed_by(by):
            self.request_of(person)
            self.former_members.filter(user=person).update(declined_at=Now())
            self.audit_admins(by, f"refused to readmit {person.username} to")

    def request_of(self, person: User) -> FormerMember:
        """Find somebody's request to rejoin, within a change; raise NotAllowed if there is none or it is answered."""
        found = self.former_members.requests().select_related("user").filter(user=person).first()
        if found is None:
            raise NotAllowed(_("This request to rejoin has already been answered."))
        return found

    def allow_admitting(self, person: User) -> None:
        """Raise NotAllowed if nobody could add this person now."""
        if self.archived_at or not person.is_active:
            raise NotAllowed(_("You can’t add deactivated people, or anyone to an archived conversation."))

    def replace_members(self, by: User, people: Collection[User]) -> None:
        """Make exactly `people` the members; those who stay keep their read marker. Raise NotAllowed."""
        take("change", by)
        if self.is_direct:
            raise NotAllowed(SAME_PEOPLE)
        if self.kind == Kind.PRIVATE and not people:
            raise NotAllowed(_("Nobody could find a private conversation without members again."))
        with self.managed_by(by):
            before = set(User.objects.filter(memberships__conversation=self.pk))
            had_owners = self.memberships.owners().exists()
            self.dismiss(before - set(people), by)
            if had_owners and people and not self.memberships.owners().exists():
                raise NotAllowed(NEEDS_AN_OWNER)
            if before != set(people):
                self.audit_admins(by, "changed the members of")
            self.let_in(people)

    def has_more_members_than(self, most: int) -> bool:
        return self.memberships.all()[most : most + 1].exists()

    def membership_of(self, person: User) -> Membership:
        """Find somebody's membership, within a change; raise NotAllowed if they have left meanwhile."""
        if self.is_direct:
            raise NotAllowed(SAME_PEOPLE)
        found = self.memberships.filter(user=person).first()
        if found is None:
            raise NotAllowed(_("This person is no longer a member."))
        return found
