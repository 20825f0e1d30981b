"""Memberships: who is in a conversation, in which role, and how far they have read."""

from collections.abc import Collection, Iterable

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import models
from django.db.models import Case, Value, When
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, User
from accounts.models.people import name_position, shown_name
from chatsite.speed.keyset import Keyset


class MemberRole(models.TextChoices):
    """What a member may do in a conversation: owners also manage it, read-only members do not write."""

    OWNER = "owner", _("Owner")
    MEMBER = "member", _("Member")
    READER = "reader", _("Read-only")


class Notify(models.TextChoices):
    """Which messages notify a member, and which count as unread in their inbox and title.

    With WATCH every message does both; with ALL all count, but only direct messages, mentions and replies notify.
    """

    WATCH = "watch", _("Every message")
    ALL = "all", _("Default")
    MENTIONS = "mentions", _("Only mentions")
    NOTHING = "nothing", _("Nothing (muted)")


COUNTS_ALL = (Notify.WATCH, Notify.ALL)


class MemberOrder(models.TextChoices):
    """In which order the members of a conversation are listed, page by page."""

    NAME = "", _("Name")
    ROLE = "role", _("Role")


class MembershipQuerySet(Keyset):
    """Memberships, by person."""

    def in_order(self, order: str) -> "MembershipQuerySet":
        """List the members with their accounts, in a MemberOrder, which can be paged."""
        rank = Case(*(When(role=role, then=Value(str(at))) for at, role in enumerate(MemberRole)), default=Value(""))
        position = name_position("user__")
        by_role = Concat(rank, position, output_field=models.TextField())
        position = by_role if order == MemberOrder.ROLE else position
        return self.select_related("user").annotate(position=position).order_by("position")

    def named_like(self, words: Iterable[str]) -> "MembershipQuerySet":
        """Find members whose user name or shown name contains all these words."""
        return self.filter(user__in=User.objects.named_like(words))

    def with_names(self) -> "MembershipQuerySet":
        """Add `name`, the name of the member, and order by it."""
        return self.annotate(name=shown_name("user__")).order_by("name", "user_id")

    def of(self, user: User) -> "MembershipQuerySet":
        return self.filter(user=user)

    def owners(self) -> "MembershipQuerySet":
        """Select the active owners of the conversation, without deactivated people and people who became guests."""
        return self.filter(role=MemberRole.OWNER).active().exclude(user__role=Role.GUEST)

    def with_history_of(self, user: AbstractBaseUser) -> "MembershipQuerySet":
        """Select the memberships of `user` that hide earlier messages."""
        return self.filter(user=user, history_from__isnull=False)

    def active(self) -> "MembershipQuerySet":
        return self.filter(user__is_active=True)

    def not_deleted(self) -> "MembershipQuerySet":
        """Leave out members whose account is deleted."""
        return self.filter(user__deleted_at__isnull=True)

    def names_in(self, conversation: int, users: Collection[int]) -> dict[int, str]:
        """Query the names of those of `users` who are active members of a conversation, by user id."""
        members = self.active().filter(conversation=conversation, user__in=users)
        return dict(members.annotate(name=shown_name("user__")).values_list("user_id", "name"))


class Membership(models.Model):
    """One person in one conversation."""

    pk = models.CompositePrimaryKey("conversation_id", "user_id")
    conversation = models.ForeignKey(
        "conversations.Conversation", models.DB_CASCADE, db_index=False, related_name="memberships"
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.DB_CASCADE, db_index=False, related_name="memberships")
    joined_at = models.DateTimeField(db_default=models.Func(function="NOW"))
    # Messages posted earlier are hidden from this member; None hides nothing.
    history_from = models.DateTimeField(null=True)
    last_read_message_id = models.BigIntegerField(null=True)
    last_read_at = models.DateTimeField(db_default=models.Func(function="NOW"))
    role = models.CharField(max_length=10, choices=MemberRole, db_default="member", default="member")
    notify = models.CharField(max_length=10, choices=Notify, db_default="all", default="all")
    # When they chose that; None if they never did.
    notify_since = models.DateTimeField(null=True)
    is_favourite = models.BooleanField(db_default=False, default=False)
    draft = models.TextField(db_default="", default="", blank=True)
    # The key with which the draft will be sent, from whichever device, so that two of them send it once.
    draft_key = models.UUIDField(null=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        db_table = "conversation_members"
        indexes = [
            models.Index(fields=["user"], name="idx_conversation_members_user"),
            # Only the few that hide something, so that the look-up costs everybody else nearly nothing.
            models.Index(
                fields=["user", "conversation"],
                name="members_with_history_from",
                condition=models.Q(history_from__isnull=False),
            ),
            # So that a post finds out at once that nobody watches.
            models.Index(fields=["conversation", "user"], name="members_watching", condition=models.Q(notify="watch")),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.conversation_id}"
