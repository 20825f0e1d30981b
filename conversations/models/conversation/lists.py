"""Lists of conversations, for a reader and with their unread counts; the inbox is such a list."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Self

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, F, FilteredRelation, Func, OuterRef, Q, Subquery, TextField, Value, When
from django.db.models.functions import Coalesce, JSONObject

from accounts.models import User
from accounts.models.people import shown_name
from conversations.models.access import Kind, visible
from conversations.models.conversation.changing import managed
from conversations.models.conversation.membership import Membership
from conversations.models.counting import CAP, CappedCount
from conversations.models.group_call import ALWAYS
from conversations.models.inbox.faces import faces
from conversations.models.inbox.inbox_filter import HAS_NEWER, InboxFilter
from conversations.models.inbox.unread import count_unseen, counted, has_unseen
from conversations.models.keyset import TimeKeyset
from conversations.models.message.extras import beginning, happened
from conversations.models.message.message import Message, MessageQuerySet
from conversations.models.message.pin import Pin
from conversations.models.message.saved_message import SavedMessage

PAGE_CONVERSATIONS = 20
HEAD_FACES = 3
MAX_NAMES = 9  # of the others in a direct conversation
MAX_SAVED = 500  # messages that a page marks as saved
INBOX_FIELDS = ["title", "kind", "last_message_at", "archived_at"]
MINE = {name: F(f"mine__{name}") for name in ("joined_at", "history_from", "last_read_at", "draft", "draft_key")}
MINE["is_favourite"] = F("mine__is_favourite")
MINE |= {"member_role": F("mine__role"), "member_id": F("mine__user")}


class ConversationLists(TimeKeyset):
    """Conversations, by reader and in order."""

    def visible_to(self, user: User) -> Self:
        """Select the conversations that `user` may see: open ones, and those they are a member of."""
        return self.filter(visible(user))

    def titles_beginning_with(self, letters: str, limit: int) -> list[str]:
        """List up to `limit` titles that begin with these letters, each once."""
        titled = self.filter(title__folded__startswith=letters).order_by("title")
        return [title or "" for title in titled.values_list("title", flat=True).distinct()[:limit]]

    def titled_like(self, words: Collection[str]) -> Self:
        """Select the conversations whose titles contain each of these words."""
        found = self
        for word in words:
            found = found.filter(title__folded__contains=word)
        return found

    def titled_the_same(self, user: User, title: str | None, other_than: Any = None) -> Any:
        """Find an open conversation with this title that is not archived, ignoring case, accents, blanks and "#"."""
        here = self.visible_to(user).filter(kind=Kind.OPEN, archived_at=None).exclude(pk=other_than and other_than.pk)
        return here.annotate(bare=bare(F("title"))).filter(bare=bare(Value(title or ""))).by_activity().first()

    def revisions_for(self, user: User, ids: Collection[int]) -> list[tuple[int, int, datetime | None]]:
        """List (id, revision, start of the history) of the conversations with these ids that `user` may see."""
        seen = self.visible_to(user).with_ids(ids).annotate(mine=membership_of(user))
        return list(seen.values_list("pk", "revision", "mine__history_from"))

    def with_ids(self, ids: Collection[int]) -> Self:
        return self.filter(pk__in=ids)

    def not_deleted(self) -> Self:
        return self.filter(deleted_at__isnull=True)

    def not_direct(self) -> Self:
        return self.exclude(kind=Kind.DIRECT)

    def to_join(self, user: User) -> Self:
        """Select the open conversations that `user` could join and has not."""
        return self.visible_to(user).filter(kind=Kind.OPEN, archived_at=None).exclude(memberships__user=user)

    def shared_with(self, person: User) -> Self:
        """Select the conversations of which `person` is a member, without direct ones."""
        return self.filter(memberships__user=person).not_direct()

    def as_seen_by(self, user: User) -> Self:
        """Add the membership of `user`, None without one, and `others` of a direct conversation.

        That is `joined_at`, `history_from`, `last_read_at`, `draft`, `draft_key`, `member_role`, `member_id` and
        `notify`.
        """
        return self._named_to(user).annotate(**MINE)

    def _named_to(self, user: User) -> Self:
        others = Membership.objects.filter(conversation=OuterRef("pk")).exclude(user=user).with_names()
        names = ArraySubquery(others.values(found=F("name"))[:MAX_NAMES])
        return self.annotate(
            mine=membership_of(user),
            notify=F("mine__notify"),
            others=Case(When(kind=Kind.DIRECT, then=names), default=None),
        )

    def with_head(self, user: User) -> Self:
        """Add what the head of a conversation shows.

        That is `face`, the `faces` of three members, `member_count`, `pin_count`, and whether `user` manages it.
        """
        members = Membership.objects.filter(conversation=OuterRef("pk")).order_by("user_id")
        pins = Pin.objects.filter(conversation=OuterRef("pk"))
        return (
            self.with_member_count()
            .with_face(user)
            .annotate(
                faces=faces(members.not_deleted(), HEAD_FACES),
                pin_count=CappedCount(pins),
                is_managed=Case(When(managed(user), then=Value(True)), default=Value(False)),
            )
        )

    def with_member_count(self, cap: int = CAP) -> Self:
        """Add `member_count`, which stops at `cap`, and `member_cap`."""
        members = Membership.objects.filter(conversation=OuterRef("pk")).not_deleted()
        return self.annotate(member_count=CappedCount(members, cap), member_cap=Value(cap))

    def inbox_of(self, user: User) -> Self:
        """List the conversations of `user`, the most recently active first: query 2 of the four.

        Adds `newest` for `preview`, `unread`, a CappedCount of what `user` chose to count, and `mention_count`, one
        of new mentions. It is one statement whose cost grows with the memberships of `user` but not with the messages:
        the order comes from last_message_at, and PostgreSQL makes previews and counts for the rows of the page alone,
        after the LIMIT.
        """
        mine = self.joined_by(user).begun_for(user).with_preview(OuterRef("mine__history_from"))
        return mine.with_what_counts(user).with_face(user).by_activity().only(*INBOX_FIELDS)

    def begun_for(self, user: User, open_id: int = 0) -> Self:
        """Leave out direct conversations that somebody else has started, and in which nobody has posted."""
        return self.exclude(~Q(created_by=user), ~Q(pk=open_id), kind=Kind.DIRECT, last_message_id=None)

    def with_face(self, user: User) -> Self:
        """Add `face`, the first of the others in a direct conversation, for an avatar; requires `as_seen_by`."""
        others = Membership.objects.filter(conversation=OuterRef("pk")).exclude(user=user).with_names()
        return self.annotate(face=Case(When(kind=Kind.DIRECT, then=faces(others, 1)), default=None))

    def joined_by(self, user: User) -> Self:
        """Select the conversations of `user`, with `notify` and `others` as `as_seen_by` adds them."""
        return self._named_to(user).alias(**MINE).filter(joined_at__isnull=False).not_deleted()

    def inbox_showing(self, user: User, shown: InboxFilter) -> Self:
        """List the conversations of `user` that a filter of their inbox shows."""
        return self.inbox_of(user).filter(shown.condition(user))

    def with_draft_of(self, user: User) -> Self:
        """List the conversations of `user` in which they have a draft, the most recently active first."""
        return self.joined_by(user).annotate(draft=F("mine__draft")).exclude(draft="").by_activity()

    def not_all_read(self, user: User) -> Self:
        """Select the conversations of `user` with a message or a mention that they have not read."""
        return self.filter(HAS_NEWER | has_unseen(user))

    def with_preview(self, since: Any = None) -> Self:
        """Add `newest`, the newest message as JSON, unless it was posted before `since`, an expression."""
        newest = Message.objects.filter(pk=OuterRef("last_message_id"))
        if since is not None:
            newest = newest.posted_since(Coalesce(since, ALWAYS))
        newest_words = JSONObject(
            beginning=beginning(),
            user="user_id",
            sender=shown_name("user__"),
            is_system="is_system",
            happened=happened(),
        )
        return self.annotate(newest=Subquery(newest.values(found=newest_words), output_field=TextField()))

    def with_unread(self) -> Self:
        """Add `unread`, a CappedCount of all unread messages; requires `as_seen_by`."""
        return self.annotate(unread=CappedCount(unread().newest_first()))

    def with_what_counts(self, user: User) -> Self:
        """Add `unread`, which counts only the messages that `user` chose to count, and `mention_count`."""
        mentions = count_unseen(OuterRef("pk"), user, "mine__")
        return self.annotate(unread=counted(unread(), mentions, "mine__"), mention_count=mentions)

    def with_mention_of(self, user: User) -> Self:
        """Add `is_mentioned`, whether `user` has not seen a mention."""
        return self.annotate(is_mentioned=has_unseen(user))

    def with_first_unread(self) -> Self:
        """Add `first_unread_id`, the oldest unread message; requires `as_seen_by`."""
        return self.annotate(first_unread_id=Subquery(unread().oldest_first().values("pk")[:1]))

    def with_saved_by(self, user: User) -> Self:
        """Add `saved`, the ids of the newest messages that `user` has saved and not done, in any conversation."""
        saved = SavedMessage.objects.filter(user=user, done_at__isnull=True).order_by("-message_id")
        return self.annotate(saved=ArraySubquery(saved.values("message_id")[:MAX_SAVED]))

    def by_activity(self) -> Self:
        return self.order_by("-last_message_at", "-pk")


def bare(title: F | Value) -> Func:
    """Return what distinguishes a title from others, as an expression: no case, accents, blanks or "#"."""
    folded = Func(title, function="public.fold", output_field=TextField())
    return Func(folded, Value(r"[#\s]+"), Value(""), Value("g"), function="regexp_replace", output_field=TextField())


def membership_of(user: User) -> FilteredRelation:
    return FilteredRelation("memberships", condition=Q(memberships__user=user))


def unread() -> MessageQuerySet:
    """Query the unread messages of each row, within a query of conversations `as_seen_by` somebody."""
    return Message.objects.unread_since(OuterRef("last_read_at"), OuterRef("pk"))
