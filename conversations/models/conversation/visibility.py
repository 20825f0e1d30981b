"""Visibility: opening a conversation to everyone, and closing it to all but its members."""

from dataclasses import dataclass
from typing import ClassVar

from django.db.models import QuerySet
from django.db.models.fields.related_descriptors import ReverseManyToOneDescriptor
from django.utils.translation import gettext_lazy as _

from accounts.models import NotAllowed, Role, User
from accounts.models.limits import take
from conversations.models.access import Kind
from conversations.models.conversation.changing import Changing
from conversations.models.event.event import Verb
from conversations.models.message import system_message
from conversations.models.message.message import Message

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
    """Opening and closing a conversation."""

    messages: "ClassVar[ReverseManyToOneDescriptor[Message]]"

    class Meta:
        abstract = True

    def outsiders(self) -> QuerySet[User]:
        """Query the people who see this conversation only if it is open."""
        return User.objects.active().exclude(memberships__conversation=self.pk).exclude(role=Role.GUEST)

    def reach_of(self, kind: str) -> Reach:
        """Count the messages and people that a change to this kind would affect."""
        messages = self.messages.not_deleted().count() if kind == Kind.OPEN else 0
        return Reach(messages, self.outsiders().count())

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
            self.save(update_fields=["kind"])
            system_message.write(self.pk, revision, by, VERBS[kind])
            self.audit_admins(by, f"made {kind}")
