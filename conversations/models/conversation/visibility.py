"""Visibility: opening a conversation to everyone, closing it to all but its members, and limiting its history."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from django.db.models import Max, QuerySet
from django.db.models.fields.related_descriptors import ReverseManyToOneDescriptor
from django.utils.translation import gettext_lazy as _

from accounts.models import NotAllowed, Role, User
from accounts.models.limits import take
from conversations.models.access import Kind
from conversations.models.conversation.changing import Changing
from conversations.models.conversation.membership import MembershipQuerySet
from conversations.models.event.event import Verb
from conversations.models.message import system_message
from conversations.models.message.message import Message, MessageQuerySet

VERBS = {Kind.OPEN: Verb.OPENED, Kind.PRIVATE: Verb.CLOSED}


@dataclass(frozen=True)
class Reach:
    """The effect of changing the kind: how many people gain or lose sight of how many messages."""

    messages: int
    people: int

    def is_within(self, confirmed: "Reach") -> bool:
        return self.messages <= confirmed.messages and self.people <= confirmed.people


class ReachHasGrown(Exception):
    """The change would affect more messages or people than were shown to the person who confirmed it."""


class Visibility(Changing):
    """Opening and closing a conversation, and hiding what was posted before people joined."""

    messages: "ClassVar[ReverseManyToOneDescriptor[Message]]"
    history_from: datetime | None
    member_id: int | None

    class Meta:
        abstract = True

    @property
    def seen_messages(self) -> MessageQuerySet:
        """Query the messages here that the person given to `as_seen_by` may see, including deleted ones."""
        return self.messages.posted_since(self.history_from).read_by(self.member_id)

    @property
    def timeline(self) -> MessageQuerySet:
        """Query `seen_messages` without the replies that are only in their threads."""
        return self.seen_messages.of_timeline()

    def outsiders(self) -> QuerySet[User]:
        """Query the people who see this conversation only if it is open."""
        return User.objects.active().exclude(memberships__conversation=self.pk).exclude(role=Role.GUEST)

    def reach_of(self, kind: str) -> Reach:
        """Count the messages and people that a change to this kind would affect."""
        if kind != Kind.OPEN:
            return Reach(0, self.outsiders().count())
        return Reach(self.messages.not_deleted().count(), self.outsiders().count() + self.newcomers().count())

    def reach_of_history(self) -> Reach:
        """Count the messages that `unlimit_history` would show, and the members who would see them."""
        last = self.newcomers().aggregate(last=Max("history_from"))["last"]
        hidden = self.messages.not_deleted().filter(created_at__lt=last) if last else self.messages.none()
        return Reach(hidden.count(), self.newcomers().count())

    def newcomers(self) -> MembershipQuerySet:
        """Query the members from whom earlier messages are hidden."""
        return self.memberships.active().filter(history_from__isnull=False)

    def limit_history(self, by: User) -> None:
        """Hide earlier messages from everyone who joins from now on; raise NotAllowed."""
        take("change", by)
        with self.managed_by(by) as revision:
            if self.kind != Kind.PRIVATE:
                raise NotAllowed(_("Only a private conversation can hide earlier messages."))
            if not self.history_from_joining:
                self.history_from_joining = True
                self.save(update_fields=["history_from_joining"])
                system_message.write(self.pk, revision, by, Verb.HISTORY_LIMITED)
                self.audit_admins(by, "hid earlier messages from new members of")

    def unlimit_history(self, by: User, confirmed: Reach) -> None:
        """Let all members, present and future, see all messages; raise NotAllowed or ReachHasGrown."""
        take("change", by)
        with self.managed_by(by) as revision:
            if not self.history_from_joining:
                return
            if not self.reach_of_history().is_within(confirmed):
                raise ReachHasGrown
            self.clear_history_limits()
            self.save(update_fields=["history_from_joining"])
            system_message.write(self.pk, revision, by, Verb.HISTORY_UNLIMITED)
            self.audit_admins(by, "let all members see earlier messages of")

    def clear_history_limits(self) -> None:
        """Hide nothing from any member, within a change that saves the conversation."""
        self.history_from_joining = False
        self.memberships.filter(history_from__isnull=False).update(history_from=None)

    def open(self, by: User, confirmed: Reach) -> None:
        """Let everyone find and read the conversation, with all earlier messages; raise NotAllowed or ReachHasGrown."""
        self._become(by, Kind.OPEN, confirmed)

    def close(self, by: User, confirmed: Reach) -> None:
        """Hide the conversation from everyone but its members; raise NotAllowed or ReachHasGrown."""
        self._become(by, Kind.PRIVATE, confirmed)

    def _become(self, by: User, kind: Kind, confirmed: Reach) -> None:
        take("change", by)
        with self.managed_by(by) as revision:
            if self.kind == kind:
                return
            if kind == Kind.PRIVATE and not self.memberships.active().exists():
                raise NotAllowed(_("Nobody could find a private conversation without members again."))
            if not self.reach_of(kind).is_within(confirmed):
                raise ReachHasGrown
            self.kind = kind
            self.is_default = self.is_default and kind == Kind.OPEN  # making it open again does not let newcomers in
            self.clear_history_limits()
            self.save(update_fields=["kind", "is_default", "history_from_joining"])
            system_message.write(self.pk, revision, by, VERBS[kind])
            self.audit_admins(by, f"made {kind}")
