"""Joining and leaving: how people become members, and stop being members."""

from collections.abc import Collection
from datetime import datetime
from typing import ClassVar

from django.db import transaction
from django.db.models import F, Func
from django.db.models.fields.related_descriptors import ReverseManyToOneDescriptor
from django.db.models.functions import Greatest, Now
from django.utils.translation import gettext_lazy as _

from accounts.models import NotAllowed, User
from accounts.models.limits import take
from accounts.models.people import UserQuerySet
from conversations.models.access import NO_GUESTS, Kind, writers
from conversations.models.announcing import announce
from conversations.models.conversation.changing import DEACTIVATED, FRESH_FIELDS, Changing
from conversations.models.conversation.former_member import FormerMember
from conversations.models.conversation.membership import MemberRole, Membership
from conversations.models.event import joined
from conversations.models.event.event import Verb
from conversations.models.message import system_message
from conversations.models.message.message import Message
from conversations.text.cursors import MICROSECOND

MEMBERS_ADD = _("Only members who may write can add people, but not to direct or archived conversations.")
NEEDS_AN_OWNER = _("Make somebody else an owner first.")


class Joining(Changing):
    """Joining, adding people, leaving and rejoining."""

    former_members: "ClassVar[ReverseManyToOneDescriptor[FormerMember]]"
    messages: "ClassVar[ReverseManyToOneDescriptor[Message]]"

    class Meta:
        abstract = True

    def people_outside(self) -> UserQuerySet:
        """Query the people who could be added, by name."""
        return User.objects.active().exclude(memberships__conversation=self.pk).by_name()

    def people_to_add(self, by: User) -> UserQuerySet:
        """Query the people whom `by` could add."""
        may_add = not (by.is_guest or self.is_direct) and writers().filter(conversation=self.pk, user=by).exists()
        return self.people_outside() if may_add else User.objects.none()

    def join(self, by: User) -> None:
        """Become a member of an open conversation; raise NotAllowed."""
        take("change", by)
        with self.unless_deleted():
            # A guest sees only the open conversations that they are in already.
            may_see = by.is_active and not (by.is_guest and not self.is_visible_to(by))
            if self.kind != Kind.OPEN or self.archived_at or not may_see:
                raise NotAllowed(_("Only open conversations that are not archived can be joined."))
            self.let_in([by])

    def add(self, by: User, people: Collection[User]) -> None:
        """Make `people` members; any member who is not a guest may do this. Raise NotAllowed."""
        take("change", by)
        if by.is_guest:
            raise NotAllowed(NO_GUESTS)
        with self.unless_deleted():
            if self.is_direct or not writers().filter(conversation=self.pk, user=by).exists():
                raise NotAllowed(MEMBERS_ADD)
            self.let_in(people)

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

    def rejoin(self, by: User) -> bool:
        """Undo `leave`, for a short time, if nothing has happened since or `by` could join; else ask the owners.

        Returns whether `by` is a member again. Raises NotAllowed for people who have not left recently.
        """
        take("change", by)
        with self.changing() as revision:
            former = self.former_members.left_recently(by).select_related("user").first()
            if former is None or not former.user.is_active:
                raise NotAllowed(_("You can’t rejoin this conversation."))
            self.refresh_from_db(fields=FRESH_FIELDS)
            may_join = self.kind == Kind.OPEN and not self.archived_at and not former.user.is_guest
            has_changed = self.has_changed_since(former)
            if self.deleted_at or (has_changed and not may_join):
                self.record_request(former, revision)
                return False
            self.readmit(former, restores_owner=not has_changed)
        return True

    def record_request(self, former: FormerMember, revision: int) -> None:
        """Tell the owners, once, that somebody asks to rejoin, within the change that got `revision`."""
        if former.requested_at is None:
            self.former_members.filter(user=former.user).update(requested_at=Now())
            system_message.write(self.pk, revision, former.user, Verb.ASKED_TO_REJOIN)

    def let_in(self, people: Collection[User]) -> None:
        """Make `people` members as `admit` does, and show in the conversation that they joined."""
        with transaction.atomic():
            if new := self.admit(people):
                joined.write(self.pk, self.revision, new)

    def admit(self, people: Collection[User], owner: User | None = None) -> list[int]:
        """Make `people` members, and optionally one the owner, for verbs that have checked permissions.

        Members stay as they are; returns the ids of the new ones. Raises TypeError for an iterator, which could be read
        only once.
        """
        if not isinstance(people, Collection):
            raise TypeError("people have to be a collection")
        here = set(self.memberships.filter(user__in=people).values_list("user", flat=True))
        new = [person.pk for person in people if person.pk not in here]
        if not new:
            return []
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
            if begins := self.history_begins():
                self.begin_history(rows, begins)
            for pk in new:
                announce("joined", self.pk, pk)
            Membership.objects.bulk_create(rows, ignore_conflicts=True)
        return new

    def dismiss(self, people: Collection[User], by: User | None) -> None:
        """End memberships, within a change of the conversation, without a permission check."""
        for person in people:
            membership = self.memberships.select_for_update().filter(user=person).first()
            if membership:
                FormerMember.objects.remember(membership, by, self.revision)
                Membership.objects.filter(pk=membership.pk).delete()
                announce("left", self.pk, person.pk)

    def readmit(self, former: FormerMember, *, restores_owner: bool) -> None:
        """Restore a membership, within a change of the conversation, without a permission check.

        Where history begins with joining, and anything has happened since they left, theirs begins now.
        """
        membership = former.as_membership()
        if membership.role == MemberRole.OWNER and (former.user.is_guest or not restores_owner):
            membership.role = MemberRole.MEMBER
        begins = self.history_begins()
        if begins is None:
            membership.history_from = None
        elif self.has_changed_since(former):
            self.begin_history([membership], begins)
        Membership.objects.bulk_create([membership], ignore_conflicts=True)
        FormerMember.objects.filter(pk=former.pk).delete()
        announce("joined", self.pk, former.user_id)

    def has_changed_since(self, former: FormerMember) -> bool:
        """Tell whether messages were posted or changed, or anything else happened here, since somebody left."""
        later = self.messages.filter(revision__gt=former.revision, is_silent=False)
        return former.revision is None or later.exists()

    def history_begins(self) -> datetime | None:
        """Return the time from which people who join within this change see messages; None if they see all."""
        after_last = Greatest(Func(function="clock_timestamp"), F("last_message_at") + MICROSECOND)
        return self.row().filter(history_from_joining=True).values_list(after_last, flat=True).first()

    def begin_history(self, memberships: Collection[Membership], begins: datetime) -> None:
        """Hide what was posted before a time from these unsaved memberships."""
        for membership in memberships:
            membership.history_from = membership.last_read_at = begins

    def require_another_owner(self, person: User) -> None:
        """Raise NotAllowed for the last owner if there are other members; of two who leave at once, one waits."""
        others = self.memberships.active().exclude(user=person)
        owners = self.memberships.owners()
        if owners.filter(user=person).exists() and others.exists() and not owners.exclude(user=person).exists():
            raise NotAllowed(NEEDS_AN_OWNER)
