"""The sidebar: the conversations of a person in sections, and how much is unread in all of them together."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Self

from django.db import models
from django.db.models import Case, F, OuterRef, Q, Subquery, TextField, Value, When, Window
from django.db.models.expressions import Combinable, OrderBy
from django.db.models.functions import Cast, Coalesce, Lower, RowNumber
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from conversations.models.access import Kind
from conversations.models.conversation.membership import COUNTS_ALL, Membership
from conversations.models.counting import CAP, CappedCount
from conversations.models.inbox.inbox_filter import HAS_NEWER, InboxFilter
from conversations.models.inbox.quick_switcher import QuickSwitcher
from conversations.models.inbox.unread import count_all_unseen
from conversations.models.message.message import Message

SECTION_ROWS = 40  # of each section, until the reader asks for more
MAX_SECTION_ROWS = 1000
NOT_OPEN = 0  # no conversation has this id
ROW_FIELDS = ["title", "kind", "last_message_at", "archived_at"]


class Section(models.TextChoices):
    """The parts of the sidebar."""

    FAVOURITES = "favourites", _("Favourites")
    CONVERSATIONS = "conversations", _("Conversations")
    DIRECT = "direct", _("Direct messages")


SECTION = Case(
    When(mine__is_favourite=True, then=Value(Section.FAVOURITES)),
    When(kind=Kind.DIRECT, then=Value(Section.DIRECT)),
    default=Value(Section.CONVERSATIONS),
    output_field=TextField(),
)


class CappedSum(Subquery):
    """Add up the only column of a query, up to CAP."""

    template = "(SELECT least(coalesce(sum(number), 0), %(cap)s) FROM (%(subquery)s) numbers (number))"
    output_field = models.IntegerField()

    def __init__(self, rows: models.QuerySet) -> None:
        super().__init__(rows[:CAP], cap=CAP)


class SidebarOrder(NamedTuple):
    """How a person wants their sidebar: by name or by activity, unread first, and with the newest messages."""

    by_name: bool = False
    unread_first: bool = False
    with_preview: bool = False

    @classmethod
    def of(cls, user: User) -> Self:
        return cls(user.sidebar_order == User.SidebarOrder.NAME, user.unread_first, user.comfortable)

    def expressions(self, user: User) -> list[OrderBy]:
        """Return the order of the rows in a section, for a query `joined_by` the person."""
        name = Lower(Coalesce("title", Cast("others", TextField())))
        by: list[OrderBy] = [name.asc()] if self.by_name else [F("last_message_at").desc()]
        if self.unread_first:
            is_read = Case(When(InboxFilter.UNREAD.condition(user), then=Value(0)), default=Value(1))
            by.insert(0, is_read.asc())
        return [*by, F("pk").desc()]


@dataclass(frozen=True)
class Totals:
    """How much is unread in the conversations and threads of a person, and how many drafts they have, up to CAP."""

    unread: int = 0
    mentions: int = 0
    drafts: int = 0
    threads: int = 0

    @classmethod
    def of(cls, row: Any) -> Self:
        return cls(row.unread_total, row.mention_total, row.draft_total, row.thread_total)


@dataclass(frozen=True)
class SidebarPage:
    """The rows of each section, the sections of which there are more, and the totals."""

    sections: dict[Section, list[Any]]
    longer: set[Section] = field(default_factory=set)
    totals: Totals = field(default_factory=Totals)

    @classmethod
    def of(cls, rows: Iterable[Any], most: int, open_id: int = NOT_OPEN) -> Self:
        """Sort the rows of `sidebar_of` into their sections, and drop the row that shows that there are more."""
        found: dict[Section, list[Any]] = {section: [] for section in Section}
        longer, totals = set(), Totals()
        for row in rows:
            section = found[Section(row.section)]
            totals = Totals.of(row)
            if len(section) < most or row.pk == open_id:
                section.append(row)
            else:
                longer.add(Section(row.section))
        return cls(found, longer, totals)


class Sidebar(QuickSwitcher):
    """Conversations, as a sidebar lists them."""

    def sidebar_of(self, user: User, order: SidebarOrder, open_id: int = NOT_OPEN, most: int = SECTION_ROWS) -> Self:
        """List the first `most` rows of each section, one more if there are any, and the open conversation.

        Adds `section`, `unread`, `mention_count`, `has_draft`, `face` and four totals, which PostgreSQL finds once for
        all rows. It ranks the memberships of `user`, but counts messages only in the conversations that it returns.
        """
        by = order.expressions(user)
        place = Window(RowNumber(), partition_by=[F("section")], order_by=by)
        ranked = self.joined_by(user).begun_for(user, open_id).annotate(section=SECTION)
        ranked = ranked.filter(Q(archived_at=None) | Q(pk=open_id)).annotate(place=place)
        shown = ranked.filter(Q(place__lte=most + 1) | Q(pk=open_id))
        rows = self.joined_by(user).filter(pk__in=shown.values("pk")).with_what_counts(user).with_face(user)
        if order.with_preview:
            rows = rows.with_preview(OuterRef("mine__history_from"))
        all_read = Q(mine__notify__in=COUNTS_ALL) & ~HAS_NEWER
        rows = rows.annotate(
            unread=Case(When(all_read, then=Value(0)), default=F("unread")),
            section=SECTION,
            has_draft=Case(When(mine__draft="", then=Value(False)), default=Value(True)),
            **self._totals(user),
        )
        return rows.order_by(*by).only(*ROW_FIELDS)

    def with_totals(self, user: User) -> models.QuerySet[User]:
        """Query `user` with the four totals, without the conversations."""
        return User.objects.filter(pk=user.pk).only("pk").annotate(**self._totals(user))

    def _totals(self, user: User) -> dict[str, Combinable]:
        unread = self.joined_by(user).filter(InboxFilter.UNREAD.condition(user)).with_what_counts(user)
        drafts = Membership.objects.filter(user=user, conversation__deleted_at=None).exclude(draft="")
        return {
            "unread_total": CappedSum(unread.values("unread")),
            "mention_total": count_all_unseen(user),
            "draft_total": CappedCount(drafts),
            "thread_total": CappedCount(Message.objects.unread_by(user)),
        }
