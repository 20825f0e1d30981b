"""Conversations: how they begin, who comes and goes, and the inbox made of them."""

import json
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import connection, models, transaction
from django.db.models import F, Q, Subquery
from django.db.models.functions import Coalesce, Now
from django.utils.translation import gettext as _

from accounts.models import NotAllowed, Role, User
from chatsite.speed.fast_rows import FastRows
from chatsite.speed.keyset import Page
from chatsite.speed.prepared import Prepared
from conversations.models.access import NO_GUESTS, UNSEEN, WRITERS_MAY, Kind, people_visible_to
from conversations.models.announcing import announce
from conversations.models.conversation.joining import Joining
from conversations.models.conversation.lists import PAGE, ConversationLists
from conversations.models.conversation.managing import Managing
from conversations.models.conversation.membership import MemberRole, Membership
from conversations.models.counting import shown
from conversations.models.inbox.inbox_filter import InboxFilter
from conversations.models.message.deletable import ADMIN_RESTORE_PERIOD, AUTHOR_RESTORE_PERIOD
from conversations.models.message.posting import Posting
from conversations.text import markdown
from conversations.text.cursors import Cursor

DIRECT_PEOPLE = 9
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


class ConversationQuerySet(ConversationLists):
    """Conversations, by who looks; and the verbs that begin one."""

    @transaction.atomic
    def start(
        self, creator: User, title: str, kind: str, people: Iterable[User] = (), topic: str = ""
    ) -> "Conversation":
        """Begin an open or private conversation of `creator` with `people` in it."""
        if creator.is_guest:
            raise PermissionDenied(NO_GUESTS)
        conversation = self.create(created_by=creator, title=title, kind=kind, topic=topic)
        Membership.objects.add(conversation, {creator, *people}, owner=creator)
        return conversation

    @transaction.atomic
    def direct(self, creator: User, people: Iterable[User]) -> "Conversation":
        """Find the direct conversation of `creator` and `people`, and begin it where there is none yet."""
        members = {creator, *people}
        if not 2 <= len(members) <= DIRECT_PEOPLE:
            raise PermissionDenied(_("A direct conversation is among 2 to %(most)d people.") % {"most": DIRECT_PEOPLE})
        known = people_visible_to(creator).filter(pk__in=[person.pk for person in members])
        if creator.is_guest and known.count() < len(members):
            raise PermissionDenied(NO_GUESTS)
        conversation, is_new = self.get_or_create(
            direct_key=direct_key(members), defaults={"kind": Kind.DIRECT, "created_by": creator}
        )
        if is_new:
            Membership.objects.add(conversation, members)
        return conversation

    def one_visible_to(self, user: User, pk: int, *, to_read: bool = False) -> ConversationLists:
        """Query one conversation as `user` sees it, if they may; to be read, with what is unread in it."""
        if not user.is_authenticated:
            return self.none()
        return TO_SEE[user.is_guest, to_read](user=user.pk, pk=pk)

    def inbox_top(self, user: User, shown: InboxFilter = InboxFilter.ALL) -> ConversationLists:
        """Query what a filter shows of `inbox_of`, as much as a page has and one more, for every page of the site."""
        return INBOX[shown](user=user.pk)

    def inbox_page(
        self, user: User, shown: InboxFilter = InboxFilter.ALL, after: Cursor | None = None
    ) -> Page["Conversation", Cursor]:
        """Query a page of what a filter shows of the inbox of `user`; the first is on every page of the site."""
        if after:
            return self.inbox_showing(shown, user).page(after, PAGE)
        return self.inbox_top(user, shown).first_page(PAGE)

    def restorable_by(self, user: User) -> "ConversationQuerySet":
        """Keep the deleted ones that `user` may bring back: their own of a day, and admins all that are not purged."""
        if user.is_staff:
            return self.filter(deleted_at__gt=Now() - ADMIN_RESTORE_PERIOD)
        return self.filter(deleted_at__gt=Now() - AUTHOR_RESTORE_PERIOD, deleted_by=user)

    def to_purge(self, after: timedelta = ADMIN_RESTORE_PERIOD) -> "ConversationQuerySet":
        """Keep those that were deleted longer ago than `after`."""
        return self.filter(deleted_at__lte=Now() - after)


def direct_key(members: Iterable[User]) -> str:
    """Name a set of people, so that the database can keep it to one direct conversation."""
    return ":".join(str(pk) for pk in sorted(member.pk for member in members))


class Conversation(FastRows, Managing, Joining, Posting, models.Model):
    """People talking: in the open, in private, or directly, which is for good among the same people."""

    Kind = Kind

    title = models.CharField(max_length=255, null=True, blank=True)
    topic = models.CharField(max_length=250, blank=True, db_default="", default="")
    kind = models.CharField(max_length=10, choices=Kind, db_default=Kind.OPEN, default=Kind.OPEN)
    direct_key = models.CharField(max_length=200, null=True, editable=False)
    created_by = models.ForeignKey(
        User, models.DB_SET_NULL, null=True, editable=False, db_index=False, related_name="conversations_started"
    )
    archived_at = models.DateTimeField("archived", null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, editable=False)
    deleted_by = models.ForeignKey(
        User, models.DB_SET_NULL, null=True, editable=False, db_index=False, related_name="+"
    )
    origin = models.CharField(max_length=100, null=True, editable=False)
    revision = models.BigIntegerField(db_default=0, default=0, editable=False)
    # Changes since an older cursor can't be told: their messages came in by the thousand, or are gone for good.
    oldest_cursor = models.BigIntegerField(db_default=0, default=0, editable=False)
    last_message_id = models.BigIntegerField(null=True, editable=False)
    # Until somebody writes, when the conversation began: that is its last activity. Not indexed, so that the update
    # which each message makes stays within its page (HOT).
    last_message_at = models.DateTimeField(db_default=models.Func(function="NOW"), editable=False)
    created_at = models.DateTimeField("started", db_default=models.Func(function="NOW"), editable=False)
    members = models.ManyToManyField(User, through=Membership, related_name="conversations")

    objects = ConversationQuerySet.as_manager()

    class Meta:
        db_table = "conversations"
        constraints = [
            models.UniqueConstraint(fields=["direct_key"], name="one_direct_conversation_per_set_of_people"),
            models.UniqueConstraint(fields=["origin"], name="conversations_origin_unique"),
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
        return ", ".join(getattr(self, "others", [])) or _("Just you")

    @property
    def public_name(self) -> str:
        """The name, to who may read here, as `as_seen_by` found; to others only what of a kind it is, and its number.

        That is for who brings back what is deleted, as owners and admins of the site do.
        """
        if self.kind != Kind.OPEN and self.joined_at is None:
            return UNSEEN[self.kind] % {"number": self.pk}
        return self.name

    @property
    def may_write(self) -> bool:
        """Tell whether who `as_seen_by` asked about may write here."""
        return self.joined_at is not None and self.member_role != MemberRole.READER and self.archived_at is None

    @property
    def unread_label(self) -> str:
        """How many messages are unread, as `inbox_of` or `with_unread` counted; '' for none, or where nobody did."""
        return shown(self.unread) if getattr(self, "unread", 0) else ""

    @property
    def member_count_label(self) -> str:
        """How many members there are, as `with_member_count` counted."""
        return shown(self.member_count)

    @property
    def preview(self) -> dict[str, Any] | None:
        """The newest message as {html, sender, is_system}, as `with_preview` found it; None where there is none."""
        return json.loads(self.newest) if self.newest else None

    @property
    def preview_words(self) -> str:
        """The newest message in one line without marks."""
        return markdown.in_plain_words(self.preview["html"]) if self.preview else ""

    @property
    def is_direct(self) -> bool:
        return self.kind == Kind.DIRECT

    def people_outside(self) -> models.QuerySet[User]:
        """Query who could be added, by name."""
        return User.objects.active().exclude(memberships__conversation=self).by_name()

    def set_origin(self, origin: str) -> None:
        """Remember what another system calls this conversation, so that an import finds it again."""
        self.origin = origin
        self.save(update_fields=["origin"])

    @contextmanager
    def changing(self) -> Iterator[int]:
        """Raise the revision for a change that is made inside, give it, and announce it after the commit.

        The row lock that this takes puts all changes of a conversation in one order; an error undoes all of it.
        """
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(
                    "UPDATE conversations SET revision = revision + 1 WHERE id = %s RETURNING revision", [self.pk]
                )
                [self.revision] = cursor.fetchone()
            yield self.revision
            announce("conversation", self.pk, self.revision)

    def touch(self, messages: Collection[int]) -> None:
        """Give each of these messages a revision of its own, within a change, so that open pages show them anew."""
        if messages:
            with connection.cursor() as cursor:
                cursor.execute(TOUCH, {"conversation": self.pk, "messages": list(messages)})
                [self.revision] = cursor.fetchone()

    def allow_writing(self, user: User) -> None:
        """Raise NotAllowed for those who may not write here: no member, read-only, inactive, or it is archived."""
        members = self.memberships.active().filter(user=user).exclude(role=MemberRole.READER)
        if not members.filter(conversation__archived_at__isnull=True, conversation__deleted_at__isnull=True).exists():
            raise NotAllowed(WRITERS_MAY)

    def change(self, **fields: Any) -> None:
        """Give the conversation another title, topic, kind, or time of archiving."""
        for name, value in fields.items():
            setattr(self, name, value)
        with self.changing():
            self.save(update_fields=fields)

    def find_newest(self) -> None:
        """Find the newest message again, after one has come in with a time of its own, has gone or come back."""
        newest = self.messages.not_deleted().newest_first()
        Conversation.objects.filter(pk=self.pk).update(
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
INBOX = {
    each: Prepared(lambda user, each=each: Conversation.objects.inbox_showing(each, User(pk=user))[: PAGE + 1], user=-1)
    for each in InboxFilter
}
