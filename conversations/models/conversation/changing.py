"""The row of a conversation, and how it changes: under one lock, and by those who manage the conversation."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import ClassVar, Self

from django.db import connection, models, transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.fields.related_descriptors import ReverseManyToOneDescriptor
from django.utils.translation import gettext_lazy as _

from accounts.models import Audit, NotAllowed, User
from accounts.models.user.name import NameField
from conversations.models.access import WRITERS_MAY, Kind, visible, writers
from conversations.models.announcing import announce
from conversations.models.conversation.membership import MemberRole, Membership

OWNERS_MAY = _("Only owners of the conversation can do that, and never in a direct conversation.")
DEACTIVATED = _("Your account is deactivated")
FRESH_FIELDS = [
    "title",
    "topic",
    "kind",
    "archived_at",
    "deleted_at",
    "deleted_by",
    "history_from_joining",
    "is_default",
]
TOUCH = """
WITH touched AS (
    SELECT id, row_number() OVER (ORDER BY id) AS nth FROM messages
    WHERE conversation_id = %(conversation)s AND id = ANY(%(messages)s)
), raised AS (
    UPDATE conversations SET revision = revision + (SELECT count(*) FROM touched) WHERE id = %(conversation)s
    RETURNING revision, revision - (SELECT count(*) FROM touched) AS before
), done AS (
    UPDATE messages SET revision = before + nth FROM touched, raised WHERE messages.id = touched.id
)
SELECT revision FROM raised
"""


class Changing(models.Model):
    """The columns of a conversation that its verbs change."""

    title = NameField(max_length=255, null=True, blank=True)
    topic = NameField(max_length=250, blank=True, db_default="", default="")
    kind = models.CharField(max_length=10, choices=Kind, db_default=Kind.OPEN, default=Kind.OPEN)
    archived_at = models.DateTimeField("archived", null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, editable=False)
    deleted_by = models.ForeignKey(
        User, models.DB_SET_NULL, null=True, editable=False, db_index=False, related_name="+"
    )
    # Whether new members see only what is posted after they join.
    history_from_joining = models.BooleanField(db_default=False, default=False, editable=False)
    # Whether everyone but guests joins it on their first visit, while it is open.
    is_default = models.BooleanField(db_default=False, default=False, editable=False)
    revision = models.BigIntegerField(db_default=0, default=0, editable=False)
    # Clients with an older cursor must reload: messages were imported by the thousand, or purged.
    oldest_cursor = models.BigIntegerField(db_default=0, default=0, editable=False)
    last_message_id = models.BigIntegerField(null=True, editable=False)
    # The start of the conversation until its first message. Not indexed, so that the update by each message stays
    # within its page (HOT).
    last_message_at = models.DateTimeField(db_default=models.Func(function="NOW"), editable=False)

    memberships: "ClassVar[ReverseManyToOneDescriptor[Membership]]"

    class Meta:
        abstract = True

    @property
    def is_direct(self) -> bool:
        return self.kind == Kind.DIRECT

    def row(self) -> models.QuerySet[Self]:
        """Query this conversation alone, as it is in the database now."""
        return type(self)._default_manager.filter(pk=self.pk)

    def is_visible_to(self, user: User) -> bool:
        """Return whether `user` may see the conversation as it is now."""
        return self.row().filter(visible(user)).exists()

    def may_be_managed_by(self, user: User) -> bool:
        """Return whether `user` manages this conversation.

        Its owners do, and owners and admins of the workspace who may see it. If it has no owner, for example after an
        import, all members do who may write and are not guests. Nobody manages a direct conversation.
        """
        return self.row().filter(visible(user), managed(user)).exists()

    def allow_managing(self, user: User) -> None:
        """Raise NotAllowed unless `user` manages this conversation."""
        if not user.is_active or not self.may_be_managed_by(user):
            raise NotAllowed(OWNERS_MAY)

    def allow_writing(self, user: User) -> None:
        """Raise NotAllowed if `user` may not write here."""
        if not writers().filter(conversation=self.pk, user=user).exists():
            raise NotAllowed(WRITERS_MAY)

    @contextmanager
    def changing(self) -> Iterator[int]:
        """Raise the revision for a change made inside, yield it, and announce it after the commit.

        The row lock puts all changes of a conversation in one order; an error undoes all of it.
        """
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(
                    "UPDATE conversations SET revision = revision + 1 WHERE id = %s RETURNING revision", [self.pk]
                )
                [self.revision] = cursor.fetchone()
            yield self.revision
            announce("conversation", self.pk, self.revision)

    @contextmanager
    def unless_deleted(self) -> Iterator[int]:
        """Change the conversation as it is now, unless it was deleted meanwhile."""
        with self.changing() as revision:
            self.refresh_from_db(fields=FRESH_FIELDS)
            if self.deleted_at:
                raise NotAllowed(_("This conversation is deleted."))
            yield revision

    @contextmanager
    def managed_by(self, user: User) -> Iterator[int]:
        """Change the conversation if `user` manages it; both are read again, under the row lock."""
        with self.unless_deleted() as revision:
            now = User.objects.active().filter(pk=user.pk).first()
            if now is None or not self.may_be_managed_by(now):
                raise NotAllowed(OWNERS_MAY)
            yield revision

    def touch(self, messages: Collection[int]) -> None:
        """Give each of these messages its own revision, within a change, so that open pages show them again."""
        if messages:
            with connection.cursor() as cursor:
                cursor.execute(TOUCH, {"conversation": self.pk, "messages": list(messages)})
                [self.revision] = cursor.fetchone()

    def audit(self, by: User, action: str) -> None:
        """Write an audit line about this conversation, with its title only if it is open."""
        name = f"“{self.title}”" if self.kind == Kind.OPEN else ""
        Audit.objects.record(by, action, f"conversation {self.pk} {name}".strip())

    def audit_admins(self, by: User, action: str) -> None:
        """Write an audit line if `by` is an owner or admin of the workspace, but not an owner of this conversation."""
        if by.is_staff and not self.memberships.filter(user=by, role=MemberRole.OWNER).exists():
            self.audit(by, action)


def managed(user: User) -> Q:
    """Return a Q of the conversations that `user` manages, if they see them: see `may_be_managed_by`."""
    if not user.is_active or user.is_guest:
        return Q(pk__in=[])
    if user.is_staff:
        return ~Q(kind=Kind.DIRECT)
    members = Membership.objects.filter(conversation=OuterRef("pk"))
    owned = Exists(members.owners().filter(user=user))
    written_in = Exists(members.filter(user=user, role=MemberRole.MEMBER))
    return ~Q(kind=Kind.DIRECT) & (Q(owned) | (Q(written_in) & ~Q(Exists(members.owners()))))
