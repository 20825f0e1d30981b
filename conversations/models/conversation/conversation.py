"""Conversations: how they are found and named. Their other verbs are in the modules of their families."""

from collections.abc import Collection
from datetime import datetime, timedelta
from itertools import product
from typing import cast
from uuid import UUID

from django.db import models
from django.db.models import F, Q, Subquery
from django.db.models.functions import Coalesce, Now
from django.utils.translation import gettext as _

from accounts.models import Role, User
from chatsite.speed.fast_rows import FastRows
from chatsite.speed.keyset import Page
from chatsite.speed.prepared import Prepared
from conversations.models.access import UNSEEN, Kind
from conversations.models.conversation.archiving import Archiving
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
from conversations.models.inbox.sidebar import NOT_OPEN, SECTION_ROWS, SidebarOrder, SidebarPage, Totals
from conversations.models.inbox.unread import UnreadCounts
from conversations.models.message.deletable import ADMIN_RESTORE_PERIOD
from conversations.models.message.posting import Posting
from conversations.models.starting import Starting
from conversations.text.cursors import Cursor


class ConversationQuerySet(Starting):
    """Conversations, by reader."""

    def one_visible_to(self, user: User, pk: int, *, to_read: bool = False) -> models.QuerySet["Conversation"]:
        """Query one conversation as `user` sees it, if they may, with its number of unread messages."""
        if not user.is_active:
            return self.none()
        return TO_SEE[user.is_guest, to_read](user=user.pk, pk=pk)

    def sidebar_page(self, user: User, open_id: int = NOT_OPEN, most: int = SECTION_ROWS) -> SidebarPage:
        """Query the sidebar of every page; `most` rows of each section, and the open conversation."""
        order = SidebarOrder.of(user)
        if most == SECTION_ROWS:
            return SidebarPage.of(SIDEBAR[order](user=user.pk, open_id=open_id), most, open_id)
        return SidebarPage.of(self.sidebar_of(user, order, open_id, most), most, open_id)

    def totals_of(self, user: User) -> Totals:
        for row in TOTALS(user=user.pk):
            return Totals.of(row)
        return Totals()

    def inbox_top(self, user: User, shown: InboxFilter = InboxFilter.ALL) -> ConversationLists:
        """Query the first page of a filter of `inbox_of`, plus one conversation."""
        return cast("ConversationLists", INBOX[shown](user=user.pk))

    def inbox_page(
        self, user: User, shown: InboxFilter = InboxFilter.ALL, after: Cursor | None = None
    ) -> Page["Conversation", Cursor]:
        """Query a page of a filter of the inbox of `user`."""
        if after:
            return self.inbox_showing(user, shown).page(after, PAGE_CONVERSATIONS)
        return self.inbox_top(user, shown).first_page(PAGE_CONVERSATIONS)

    def restorable_by(self, user: User) -> "ConversationQuerySet":
        """Select the deleted conversations that `user` may restore, the latest deletion first."""
        return self.filter(restorable(user)).order_by("-deleted_at", "-pk")

    def to_purge(self, after: timedelta = ADMIN_RESTORE_PERIOD) -> "ConversationQuerySet":
        """Select the conversations that were deleted longer ago than `after`."""
        return self.filter(deleted_at__lte=Now() - after)


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
    is_favourite: bool | None

    # Added by `with_first_unread`.
    first_unread_id: int | None

    # Added by `with_head`.
    faces: list[str]
    pin_count: int
    is_managed: bool

    # Added by `sidebar_of`.
    section: str
    unread_total: int
    mention_total: int
    draft_total: int
    thread_total: int

    # Added by `with_saved_by`.
    saved: Collection[int] = ()

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
    def short_name(self) -> str:
        """The name for a narrow list: several other people by their first names, if those are different."""
        people = getattr(self, "others", None) or []
        firsts = [name.partition(" ")[0] for name in people]
        is_clear = self.kind == Kind.DIRECT and len(people) > 1 and len({*firsts}) == len(firsts)
        return ", ".join(firsts) if is_clear else self.name

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

    def may_be_moderated_by(self, by: User) -> bool:
        """Return whether `by`, the person given to `as_seen_by`, may hide messages of others here."""
        return not by.is_guest and (by.is_staff or self.member_role == MemberRole.OWNER)

    def set_origin(self, origin: str) -> None:
        """Store the id of this conversation in another system, so that an import finds it again."""
        self.origin = origin
        self.save(update_fields=["origin"])

    def find_newest(self) -> None:
        """Find the newest message again, after one was imported with a time of its own, deleted or restored."""
        newest = self.messages.not_deleted().that_count().newest_first()
        self.row().update(
            last_message_id=Subquery(newest.values("pk")[:1]),
            last_message_at=Coalesce(Subquery(newest.values("created_at")[:1]), F("created_at")),
        )


def to_see(is_guest: bool, to_read: bool) -> Prepared:
    def make(user: int, pk: int) -> ConversationLists:
        somebody = User(pk=user, role=Role.GUEST if is_guest else Role.MEMBER)
        seen = Conversation.objects.visible_to(somebody).as_seen_by(somebody).filter(pk=pk)
        if not to_read:
            return seen
        seen = seen.with_unread().with_first_unread().with_mention_of(somebody)
        return seen.with_head(somebody).with_saved_by(somebody)

    return Prepared(make, user=-1, pk=-2)


TO_SEE = {(is_guest, to_read): to_see(is_guest, to_read) for is_guest in (True, False) for to_read in (True, False)}
PAGE_ROWS = PAGE_CONVERSATIONS + 1  # one row more than a page shows whether there is another page
INBOX = {
    each: Prepared(lambda user, each=each: Conversation.objects.inbox_showing(User(pk=user), each)[:PAGE_ROWS], user=-1)
    for each in InboxFilter
}


TOTALS = Prepared(lambda user: Conversation.objects.with_totals(User(pk=user)), user=-1)


def sidebar(order: SidebarOrder) -> Prepared:
    return Prepared(
        lambda user, open_id: Conversation.objects.sidebar_of(User(pk=user), order, open_id), user=-1, open_id=-2
    )


SIDEBAR = {
    order: sidebar(order)
    for order in (SidebarOrder(*chosen) for chosen in product((True, False), repeat=len(SidebarOrder._fields)))
}
