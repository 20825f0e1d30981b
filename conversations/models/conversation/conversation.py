"""Conversations: how they are started, found and named. Their other verbs are in the modules of their families."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

from django.db import models, transaction
from django.db.models import F, Q, Subquery
from django.db.models.functions import Coalesce, Now
from django.utils.translation import gettext as _

from accounts.models import NotAllowed, Role, User
from accounts.models.limits import take
from accounts.models.user.name import visible_name
from chatsite.speed.fast_rows import FastRows
from chatsite.speed.keyset import Page
from chatsite.speed.prepared import Prepared
from conversations.models.access import NO_GUESTS, UNSEEN, Kind, people_visible_to
from conversations.models.conversation.archiving import Archiving
from conversations.models.conversation.changing import DEACTIVATED
from conversations.models.conversation.deletion import Deletion, restorable
from conversations.models.conversation.drafts import Drafts
from conversations.models.conversation.lists import PAGE_CONVERSATIONS, ConversationLists
from conversations.models.conversation.members import ManagingMembers
from conversations.models.conversation.membership import MemberRole, Membership
from conversations.models.conversation.naming import Naming
from conversations.models.conversation.notifying import Notifying
from conversations.models.conversation.read_markers import ReadMarkers
from conversations.models.conversation.typing import Typing
from conversations.models.conversation.visibility import Visibility
from conversations.models.inbox.entry import InboxEntry
from conversations.models.inbox.inbox_filter import InboxFilter
from conversations.models.inbox.quick_switcher import QuickSwitcher
from conversations.models.inbox.unread import UnreadCounts
from conversations.models.message.deletable import ADMIN_RESTORE_PERIOD
from conversations.models.message.posting import Posting
from conversations.text.cursors import Cursor

MAX_DIRECT_PEOPLE = 9


class ConversationQuerySet(QuickSwitcher["Conversation"]):
    """Conversations, by reader; and the verbs that start one."""

    def start(self, by: User, title: str, kind: str, people: Collection[User] = (), topic: str = "") -> "Conversation":
        """Start an open or private conversation owned by `by`, with `people` in it; raise NotAllowed."""
        take("change", by)
        if not by.is_active:
            raise NotAllowed(DEACTIVATED)
        if by.is_guest:
            raise NotAllowed(NO_GUESTS)
        title, topic = visible_name(title), visible_name(topic)
        with transaction.atomic():
            conversation = self.create(created_by=by, title=title, kind=kind, topic=topic)
            conversation.admit({by, *people}, owner=by)
        return conversation

    def start_for(self, by: User, conversation: "Conversation", people: Collection[User]) -> None:
        """Start a conversation with exactly `people` as its members, for owners and admins of the workspace.

        `by` need not be among them. Raises NotAllowed, also for a title or topic that nobody could see.
        """
        take("change", by)
        if not (by.is_active and by.is_staff):
            raise NotAllowed(_("Only owners and admins can do that."))
        for name in (conversation.title or "", conversation.topic):
            visible_name(name)
        with transaction.atomic():
            conversation.created_by = by
            conversation.save(force_insert=True)
            conversation.admit(people)

    def direct(self, by: User, people: Collection[User]) -> "Conversation":
        """Find the direct conversation of `by` and `people`, or start it; raise NotAllowed."""
        take("change", by)
        members = {by, *people}
        if not by.is_active:
            raise NotAllowed(DEACTIVATED)
        if members == {by}:
            raise NotAllowed(_("You can’t start a conversation with yourself."))
        if len(members) > MAX_DIRECT_PEOPLE:
            words = _("A direct conversation is among 2 to %(most)d people.")
            raise NotAllowed(words % {"most": MAX_DIRECT_PEOPLE})
        known = people_visible_to(by).filter(pk__in=[person.pk for person in members])
        if by.is_guest and known.count() < len(members):
            raise NotAllowed(NO_GUESTS)
        return self.direct_among(members, created_by=by)

    @transaction.atomic
    def direct_among(self, members: Collection[User], created_by: User) -> "Conversation":
        """Find or start the direct conversation of `members`, without a permission check: for imports."""
        conversation, is_new = self.get_or_create(
            direct_key=direct_key(members), defaults={"kind": Kind.DIRECT, "created_by": created_by}
        )
        if is_new:
            conversation.admit(members)
        return conversation

    def one_visible_to(self, user: User, pk: int, *, to_read: bool = False) -> models.QuerySet["Conversation"]:
        """Query one conversation as `user` sees it, if they may, with its number of unread messages."""
        if not user.is_active:
            return self.none()
        return TO_SEE[user.is_guest, to_read](user=user.pk, pk=pk)

    def inbox_top(self, user: User, shown: InboxFilter = InboxFilter.ALL) -> ConversationLists:
        """Query the first page of a filter of `inbox_of`, plus one conversation, for the sidebar of every page."""
        return cast("ConversationLists", INBOX[shown](user=user.pk))

    def inbox_page(
        self, user: User, shown: InboxFilter = InboxFilter.ALL, after: Cursor | None = None
    ) -> Page["Conversation", Cursor]:
        """Query a page of a filter of the inbox of `user`; the first is on every page of the site."""
        if after:
            return self.inbox_showing(user, shown).page(after, PAGE_CONVERSATIONS)
        return self.inbox_top(user, shown).first_page(PAGE_CONVERSATIONS)

    def restorable_by(self, user: User) -> "ConversationQuerySet":
        """Select the deleted conversations that `user` may restore, the latest deletion first."""
        return self.filter(restorable(user)).order_by("-deleted_at", "-pk")

    def to_purge(self, after: timedelta = ADMIN_RESTORE_PERIOD) -> "ConversationQuerySet":
        """Select the conversations that were deleted longer ago than `after`."""
        return self.filter(deleted_at__lte=Now() - after)


def direct_key(members: Collection[User]) -> str:
    """Return the key of a set of people, by which the database limits them to one direct conversation."""
    return ":".join(str(pk) for pk in sorted(member.pk for member in members))


class Conversation(
    FastRows,
    Naming,
    Visibility,
    Archiving,
    Deletion,
    ManagingMembers,
    ReadMarkers,
    Drafts,
    Notifying,
    Typing,
    UnreadCounts,
    InboxEntry,
    Posting,
):
    """An open, private or direct conversation; the people of a direct one never change."""

    Kind = Kind

    direct_key = models.CharField(max_length=200, null=True, editable=False)
    created_by = models.ForeignKey(
        User, models.DB_SET_NULL, null=True, editable=False, db_index=False, related_name="conversations_started"
    )
    origin = models.CharField(max_length=100, null=True, editable=False)
    created_at = models.DateTimeField("started", db_default=models.Func(function="NOW"), editable=False)
    members = models.ManyToManyField(User, through=Membership, related_name="conversations")

    # Added by `as_seen_by`: the reader's membership, None without one, and the others in a direct conversation.
    joined_at: datetime | None
    history_from: datetime | None
    member_id: int | None
    last_read_at: datetime | None
    member_role: str | None
    notify: str | None
    draft: str | None
    draft_key: UUID | None
    others: list[str] | None

    objects = ConversationQuerySet.as_manager()

    class Meta:
        db_table = "conversations"
        constraints = [
            models.UniqueConstraint(fields=["direct_key"], name="one_direct_conversation_per_set_of_people"),
            models.UniqueConstraint(fields=["origin"], name="conversations_origin_unique"),
            models.CheckConstraint(
                condition=Q(history_from_joining=False) | Q(kind=Kind.PRIVATE),
                name="only_private_history_is_from_joining",
            ),
            models.CheckConstraint(
                condition=Q(kind=Kind.DIRECT, direct_key__isnull=False)
                | (~Q(kind=Kind.DIRECT) & Q(direct_key__isnull=True)),
                name="direct_conversations_have_a_key",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The title, or the other people of a direct conversation as `as_seen_by` found them."""
        if self.kind != Kind.DIRECT:
            return self.title or _("Untitled")
        return ", ".join(getattr(self, "others", None) or []) or _("Just you")

    @property
    def public_name(self) -> str:
        """The name, for members and of open conversations, as found by `as_seen_by`; else only the kind and number.

        Owners and admins of the workspace can restore conversations that they may not read.
        """
        if self.kind != Kind.OPEN and self.joined_at is None:
            return UNSEEN[Kind(self.kind)] % {"number": self.pk}
        return self.name

    @property
    def may_write(self) -> bool:
        """Return whether the person given to `as_seen_by` may write here."""
        return self.joined_at is not None and self.member_role != MemberRole.READER and self.archived_at is None

    def set_origin(self, origin: str) -> None:
        """Store the id of this conversation in another system, so that an import finds it again."""
        self.origin = origin
        self.save(update_fields=["origin"])

    def find_newest(self) -> None:
        """Find the newest message again, after one was imported with a time of its own, deleted or restored."""
        newest = self.messages.not_deleted().newest_first()
        self.row().update(
            last_message_id=Subquery(newest.values("pk")[:1]),
            last_message_at=Coalesce(Subquery(newest.values("created_at")[:1]), F("created_at")),
        )


def to_see(is_guest: bool, to_read: bool) -> Prepared:
    def make(user: int, pk: int) -> ConversationLists:
        somebody = User(pk=user, role=Role.GUEST if is_guest else Role.MEMBER)
        seen = Conversation.objects.visible_to(somebody).as_seen_by(somebody).filter(pk=pk)
        return seen.with_unread().with_first_unread().with_mention_of(somebody) if to_read else seen

    return Prepared(make, user=-1, pk=-2)


TO_SEE = {(is_guest, to_read): to_see(is_guest, to_read) for is_guest in (True, False) for to_read in (True, False)}
PAGE_ROWS = PAGE_CONVERSATIONS + 1  # one row more than a page shows whether there is another page
INBOX = {
    each: Prepared(lambda user, each=each: Conversation.objects.inbox_showing(User(pk=user), each)[:PAGE_ROWS], user=-1)
    for each in InboxFilter
}
