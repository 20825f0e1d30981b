"""What owners do with a conversation: rename it, open or close it, put it away, delete it, and take that back."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import Audit, Role, User
from conversations.models.access import Kind
from conversations.models.conversation import system_message
from conversations.models.conversation.membership import MemberRole

if TYPE_CHECKING:
    from conversations.models import Conversation

OWNERS_MAY = _("Only owners of a conversation do that, and never with a direct one.")
WORDS_OF = {Kind.OPEN: "open to everyone here", Kind.PRIVATE: "private"}


@dataclass(frozen=True)
class Reach:
    """What another kind changes: how many messages so many people will see, or not any more."""

    messages: int
    people: int

    def is_within(self, shown: "Reach") -> bool:
        return self.messages <= shown.messages and self.people <= shown.people


class ReachHasGrown(Exception):
    """More would be shown, or taken from more people, than whoever decided was told."""


class Managing:
    """The part of a conversation that is about who manages it, and what they do."""

    def may_be_managed_by(self: "Conversation", user: User) -> bool:
        """Tell whether `user` decides about this conversation.

        Its owners do, and owners and admins of the site who may see it; where it has no owner, as after an import, any
        member who may write and is no guest. A direct conversation is managed by nobody.
        """
        if self.is_direct or user.is_guest or not type(self).objects.visible_to(user).filter(pk=self.pk).exists():
            return False
        role = self.memberships.filter(user=user).values_list("role", flat=True).first()
        if user.is_staff or role == MemberRole.OWNER:
            return True
        return role == MemberRole.MEMBER and not self.memberships.owners().exists()

    @contextmanager
    def managed_by(self: "Conversation", user: User) -> Iterator[int]:
        """Change the conversation as `user` may; everything is asked again as it is now, under the row lock."""
        with self.unless_deleted() as revision:
            now = User.objects.active().filter(pk=user.pk).first()
            if now is None or not self.may_be_managed_by(now):
                raise PermissionDenied(OWNERS_MAY)
            yield revision

    @contextmanager
    def unless_deleted(self: "Conversation") -> Iterator[int]:
        """Change the conversation as it is now, unless it was deleted meanwhile."""
        with self.changing() as revision:
            self.refresh_from_db(fields=["title", "topic", "kind", "archived_at", "deleted_at", "deleted_by"])
            if self.deleted_at:
                raise PermissionDenied(_("This conversation is deleted."))
            yield revision

    def rename(self: "Conversation", by: User, title: str, topic: str) -> None:
        """Give the conversation another title or topic, or both."""
        with self.managed_by(by) as revision:
            new_title, new_topic = title != (self.title or ""), topic != self.topic
            self._save(title=title, topic=topic)
            done = [f"renamed this conversation to “{title}”"] if new_title else []
            done += [f"changed the topic to “{topic}”" if topic else "removed the topic"] if new_topic else []
            if done:
                system_message.write(self.pk, revision, by, " and ".join(done))
                self.record(by, "renamed")

    def outsiders(self: "Conversation") -> QuerySet[User]:
        """Query the people who see this conversation while it is open, and would not while it is private."""
        return self.people_outside().exclude(role=Role.GUEST)

    def reach_of(self: "Conversation", kind: str) -> Reach:
        """Count what becoming of this kind would change for how many people."""
        messages = self.messages.not_deleted().count() if kind == Kind.OPEN else 0
        return Reach(messages, self.outsiders().count())

    def open_up(self: "Conversation", by: User, shown: Reach) -> None:
        """Let everyone here find and read it, and all that was said before; raise ReachHasGrown."""
        self._become(by, Kind.OPEN, shown)

    def close(self: "Conversation", by: User, shown: Reach) -> None:
        """Keep it for its members alone; raise ReachHasGrown."""
        self._become(by, Kind.PRIVATE, shown)

    def _become(self: "Conversation", by: User, kind: Kind, shown: Reach) -> None:
        with self.managed_by(by) as revision:
            if self.kind == kind:
                return
            if kind == Kind.PRIVATE and not self.memberships.active().exists():
                raise PermissionDenied(_("A private conversation without members could not be found again."))
            if not self.reach_of(kind).is_within(shown):
                raise ReachHasGrown
            self._save(kind=kind)
            system_message.write(self.pk, revision, by, f"made this conversation {WORDS_OF[kind]}")
            self.record(by, f"made {kind}")

    def archive_by(self: "Conversation", by: User) -> None:
        """Keep the conversation to be read, and not to be written in."""
        with self.managed_by(by) as revision:
            if not self.archived_at:
                system_message.write(self.pk, revision, by, "archived this conversation")
                self._save(archived_at=type(self).objects.values_list("last_message_at", flat=True).get(pk=self.pk))
                self.record(by, "archived")

    def unarchive_by(self: "Conversation", by: User) -> None:
        with self.managed_by(by) as revision:
            if self.archived_at:
                self._save(archived_at=None)
                system_message.write(self.pk, revision, by, "took this conversation back from the archive")
                self.record(by, "unarchived")

    def delete_by(self: "Conversation", by: User) -> None:
        """Take the conversation away from everyone; `restore_by` gives it back."""
        with self.managed_by(by):
            self._save(deleted_at=Now(), deleted_by=by)
            self.record(by, "deleted", always=True)

    def restore_by(self: "Conversation", by: User) -> None:
        """Give a deleted conversation back to its members, as who deleted it may, and owners and admins of the site."""
        with self.changing():
            now = User.objects.active().filter(pk=by.pk).first()
            if now is None or not type(self).objects.restorable_by(now).filter(pk=self.pk).exists():
                raise PermissionDenied(_("Only who deleted a conversation brings it back, within a day, and admins."))
            self._save(deleted_at=None, deleted_by=None)
            self.record(by, "restored", always=True)

    def _save(self: "Conversation", **fields: object) -> None:
        for name, value in fields.items():
            setattr(self, name, value)
        self.save(update_fields=fields)

    def record(self: "Conversation", by: User, action: str, always: bool = False) -> None:
        """Write down what owners and admins of the site do where they are no owners; titles of open ones alone."""
        if always or (by.is_staff and not self.memberships.filter(user=by, role=MemberRole.OWNER).exists()):
            name = f"“{self.title}”" if self.kind == Kind.OPEN else ""
            Audit.objects.record(by, action, f"conversation {self.pk} {name}".strip())
