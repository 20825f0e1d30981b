"""Unread counts: messages after a read marker, and mentions and group calls not yet seen."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable

from accounts.models import User
from conversations.models.conversation.changing import Changing
from conversations.models.conversation.membership import Membership, Notify
from conversations.models.counting import CappedCount
from conversations.models.group_call import GroupCall
from conversations.models.message.mention import Mention
from conversations.models.message.message import Message, MessageQuerySet


class UnreadCounts(Changing):
    """Unread counts of one conversation."""

    class Meta:
        abstract = True

    def unread_counts_of(
        self, users: Collection[int]
    ) -> QuerySet[Membership, tuple[int, int, str, int, datetime | None]]:
        """List the members among `users`: (id, unread, notify, mention count, `history_from`), as in their inbox."""
        unread = Message.objects.unread_since(OuterRef("last_read_at"), OuterRef("conversation_id"))
        mentions = count_unseen(OuterRef("conversation_id"), OuterRef("user_id"), "")
        members = Membership.objects.filter(conversation=self.pk, user__in=users)
        counts = counted(unread, mentions), "notify", mentions
        return members.values_list("user_id", *counts, "history_from")


def counted(unread: MessageQuerySet, mentions: Combinable, membership: str = "") -> Case:
    """Count unread messages, or `mentions`, as a member chose; `membership` is the lookup of theirs: "mine__"."""
    return Case(
        When(Q(**{f"{membership}notify": Notify.NOTHING}), then=Value(0)),
        When(Q(**{f"{membership}notify": Notify.MENTIONS}), then=mentions),
        default=CappedCount(unread.newest_first()),
    )


def count_unseen(conversation: Any, user: Any, membership: str) -> Combinable:
    """Count the mentions and group calls of `user` in `conversation` that they have not seen; both may be expressions.

    The sum may be larger than CAP. `membership` is the lookup of theirs, as for `counted`.
    """
    calls = GroupCall.objects.unseen_in(conversation, user, membership)
    return CappedCount(unseen_mentions(conversation, user)) + CappedCount(calls)


def has_unseen(user: User) -> Q:
    """Return a Q of the conversations with such mentions or calls, on a query `as_seen_by` the user."""
    here = OuterRef("pk")
    return Q(Exists(unseen_mentions(here, user))) | Q(Exists(GroupCall.objects.unseen_in(here, user, "mine__")))


def unseen_mentions(conversation: Any, user: Any) -> QuerySet[Mention]:
    return unseen_mentions_of(user).filter(conversation=conversation)


def count_all_unseen(user: User) -> Combinable:
    """Count the mentions and group calls of `user` that they have not seen, in all conversations."""
    return CappedCount(unseen_mentions_of(user)) + CappedCount(GroupCall.objects.unseen_by(user))


def unseen_mentions_of(user: Any) -> QuerySet[Mention]:
    """Query all mentions of `user` that they may see but have not seen.

    Those in replies that are only in a thread make that thread unread instead: see models/thread/.
    """
    theirs = Mention.objects.filter(user=user, seen_at__isnull=True, message__in_conversation=True)
    there = {"user": OuterRef("user"), "conversation": OuterRef("conversation")}
    hiding = Membership.objects.filter(**there, history_from__gt=OuterRef("message__created_at"))
    return theirs.filter(~Exists(hiding), message__deleted_at__isnull=True)
