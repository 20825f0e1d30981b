"""Memberships: who is in a conversation, since when, and how far they have read."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import connection, models, transaction
from django.db.models import Case, OuterRef, Q, Value, When
from django.utils.translation import gettext_lazy as _

from accounts.models.people import shown_name
from accounts.models.role import Role
from conversations.models.announcing import announce
from conversations.models.conversation.former_member import FormerMember
from conversations.models.counting import CappedCount
from conversations.models.inbox.bulk_read_markers import BulkReadMarkers
from conversations.text.cursors import MICROSECOND

if TYPE_CHECKING:
    from accounts.models import User
    from conversations.models import Conversation, Message

# With the mark, the mentions up to it are seen, and those after it are not.
SEE = """
UPDATE mentions SET seen_at = clock_timestamp() FROM messages
WHERE mentions.user_id = %(user)s AND mentions.conversation_id = %(conversation)s AND seen_at IS NULL
  AND messages.id = message_id AND created_at <= %(moment)s
"""
UNSEE = """
UPDATE mentions SET seen_at = NULL FROM messages
WHERE mentions.user_id = %(user)s AND mentions.conversation_id = %(conversation)s AND seen_at IS NOT NULL
  AND messages.id = message_id AND created_at > %(moment)s
"""


class MemberRole(models.TextChoices):
    """What a member may do in a conversation: owners also manage it, who is read-only does not write."""

    OWNER = "owner", _("Owner")
    MEMBER = "member", _("Member")
    READER = "reader", _("Read-only")


class Notify(models.TextChoices):
    """Which messages count as unread in a member's inbox and title."""

    ALL = "all", _("Every message")
    MENTIONS = "mentions", _("Mentions of me")
    NOTHING = "nothing", _("Nothing: it is muted")


class MembershipQuerySet(BulkReadMarkers):
    """Memberships, and the verbs that make and change them."""

    def with_names(self) -> "MembershipQuerySet":
        """Add `name`, how the member is called, and order by it."""
        return self.annotate(name=shown_name("user__")).order_by("name", "user_id")

    def add(self, conversation: "Conversation", people: Iterable["User"], owner: "User | None" = None) -> None:
        """Make people members, one of them perhaps the owner; who is a member already stays as they are."""
        here = set(self.filter(conversation=conversation, user__in=people).values_list("user", flat=True))
        fresh = [person.pk for person in people if person.pk not in here]
        if not fresh:
            return
        with conversation.changing():
            before = FormerMember.objects.filter(conversation=conversation, user__in=fresh)
            # Who could read only does not get to write by leaving and joining again.
            readers = {pk for pk, role in before.roles().items() if role == MemberRole.READER}
            before.delete()
            roles = dict.fromkeys(readers, MemberRole.READER) | ({owner.pk: MemberRole.OWNER} if owner else {})
            rows = [self.model(conversation=conversation, user_id=pk) for pk in fresh]
            for row in rows:
                row.role = roles.get(row.user_id, MemberRole.MEMBER)
                announce("joined", conversation.pk, row.user_id)
            self.bulk_create(rows, ignore_conflicts=True)

    def remove(self, conversation: "Conversation", people: Iterable["User"], by: "User | None" = None) -> None:
        """End memberships, within a change of the conversation by somebody."""
        for person in people:
            membership = self.select_for_update().filter(conversation=conversation, user=person).first()
            if membership:
                FormerMember.objects.remember(membership, by)
                self.filter(pk=membership.pk).delete()
                announce("left", conversation.pk, person.pk)

    def restore_membership(self, former: FormerMember) -> None:
        """Let a membership go on as it was, within a change of the conversation."""
        self.bulk_create(
            [self.model(conversation_id=former.conversation_id, user_id=former.user_id, **former.membership_was())],
            ignore_conflicts=True,
        )
        FormerMember.objects.filter(pk=former.pk).delete()
        announce("joined", former.conversation_id, former.user_id)

    def owners(self) -> "MembershipQuerySet":
        """Keep those who manage the conversation and can: who is gone or has become a guest is no owner."""
        return self.filter(role=MemberRole.OWNER).active().exclude(user__role=Role.GUEST)

    def active(self) -> "MembershipQuerySet":
        return self.filter(user__is_active=True)

    def set_notify(self, user: "User", conversation: "Conversation", level: str) -> None:
        """Choose which messages count for `user`, as each member does for themselves."""
        with transaction.atomic():
            if not self.filter(user=user, conversation=conversation).update(notify=level):
                raise PermissionDenied(_("Only members choose what they are told of."))
            announce("read", conversation.pk, user.pk)

    def mark_read(self, user: "User", message: "Message") -> bool:
        """Move `user`'s read mark up to `message`, never back, and see the mentions up to it; tell if that changed any.

        A mention can be new and yet before the mark, as edits make them, and without a membership, where all may read.
        """
        mine = self.filter(conversation=message.conversation_id, user=user, last_read_at__lt=message.created_at)
        return mine.move_read_marker(user, message.conversation_id, message.created_at, message.pk, SEE)

    def mark_unread(self, user: "User", message: "Message") -> bool:
        """Move `user`'s read mark back to right before `message`, if it is past that: the only way it goes back."""
        mine = self.filter(conversation=message.conversation_id, user=user, last_read_at__gte=message.created_at)
        before = message.conversation.messages.newest_first().beyond(message.cursor).values_list("pk", flat=True)
        return mine.move_read_marker(
            user, message.conversation_id, message.created_at - MICROSECOND, before.first(), UNSEE
        )

    def move_read_marker(
        self, user: "User", conversation_id: int, moment: datetime, message_id: int | None, mentions: str
    ) -> bool:
        """Set the read mark of this membership, change the mentions with it, and tell the other devices of `user`.

        Returns False where nothing changed.
        """
        with transaction.atomic(), connection.cursor() as cursor:
            moved = self.update(last_read_at=moment, last_read_message_id=message_id)
            cursor.execute(mentions, {"user": user.pk, "conversation": conversation_id, "moment": moment})
            changed = bool(moved or cursor.rowcount)
            if changed:
                announce("read", conversation_id, user.pk)
        return changed

    def unread_of(self, conversation: "Conversation", users: Iterable[int]) -> "MembershipQuerySet":
        """List (user id, unread, notify, mention_count) for those of `users` who are members, as their inbox has it."""
        unread = conversation.messages.unread_since(OuterRef("last_read_at"), OuterRef("conversation_id"))
        mentions = unseen_mentions(OuterRef("conversation_id"), OuterRef("user_id"))
        mine = self.filter(conversation=conversation, user__in=users)
        return mine.values_list("user_id", counted(unread, mentions), "notify", CappedCount(mentions))

    def save_draft(self, user: "User", conversation: "Conversation", words: str, client_key: UUID) -> bool:
        """Keep what `user` has begun to write, unless it was sent meanwhile under its `client_key`."""
        mine = self.filter(conversation=conversation, user=user)
        with transaction.atomic():
            # The lock first: a statement that waits for a send to commit would not see its message.
            if not mine.select_for_update().exists() or conversation.messages.filter(user=user, client_key=client_key):
                return False
            return bool(mine.update(draft=words, draft_key=client_key))


class Membership(models.Model):
    """One person in one conversation."""

    pk = models.CompositePrimaryKey("conversation_id", "user_id")
    conversation = models.ForeignKey(
        "conversations.Conversation", models.DB_CASCADE, db_index=False, related_name="memberships"
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.DB_CASCADE, db_index=False, related_name="memberships")
    joined_at = models.DateTimeField(db_default=models.Func(function="NOW"))
    last_read_message_id = models.BigIntegerField(null=True)
    last_read_at = models.DateTimeField(db_default=models.Func(function="NOW"))
    role = models.CharField(max_length=10, choices=MemberRole, db_default="member", default="member")
    notify = models.CharField(max_length=10, choices=Notify, db_default="all", default="all")
    draft = models.TextField(db_default="", default="", blank=True)
    # The key with which the draft will be sent, from whichever device, so that two of them send it once.
    draft_key = models.UUIDField(null=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        db_table = "conversation_members"
        indexes = [models.Index(fields=["user"], name="idx_conversation_members_user")]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.conversation_id}"


def counted(unread: models.QuerySet, mentions: models.QuerySet, membership: str = "") -> Case:
    """Count what a member wants to be told of; `membership` is the way to their membership: "mine__"."""
    return Case(
        When(Q(**{f"{membership}notify": Notify.NOTHING}), then=Value(0)),
        When(Q(**{f"{membership}notify": Notify.MENTIONS}), then=CappedCount(mentions)),
        default=CappedCount(unread.newest_first()),
    )


def unseen_mentions(conversation: Any, user: Any) -> models.QuerySet:
    """Query where `user` is mentioned in `conversation` and has not seen it; both may be expressions."""
    Mention = apps.get_model("conversations", "Mention")  # which knows of memberships
    theirs = Mention.objects.filter(conversation=conversation, user=user, seen_at__isnull=True)
    return theirs.filter(message__deleted_at__isnull=True)
