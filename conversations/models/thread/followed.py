"""Messages by thread, and the threads that somebody follows, the unread ones first."""

from collections.abc import Collection
from datetime import timedelta
from typing import Self

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Case, Exists, F, FilteredRelation, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce

from accounts.models import Role, User
from conversations.models.access import Kind, within_history
from conversations.models.conversation.membership import Membership

SHOWN_REPLIES = 3
# Added to the time of an unread thread, so that it is before all read ones in an order of a single time.
UNREAD_FIRST = timedelta(days=365_000)


class FollowedThreads(models.QuerySet):
    """Messages, as replies and as the first of threads."""

    def of_timeline(self) -> Self:
        """Leave out the replies that are only in their threads."""
        return self.filter(in_conversation=True)

    def that_count(self) -> Self:
        """Leave out also the silent ones, which nobody has to read."""
        return self.of_timeline().filter(is_silent=False)

    def in_thread(self, first: int) -> Self:
        """List the replies in the thread that began with the message `first`, in order."""
        return self.filter(thread=first).order_by("created_at", "pk")

    def of_thread(self, first: int) -> Self:
        """Select the first message of a thread and its replies."""
        return self.filter(Q(pk=first) | Q(thread=first))

    def with_ids(self, ids: Collection[int]) -> Self:
        return self.filter(pk__in=ids)

    def followed_by(self, user: User) -> Self:
        """Select the first messages of the threads that `user` follows: unread ones first, then by their last reply.

        Adds `is_unread`, `last_reply_at`, `last_reply_ids` (newest first), and `listed_at`, which orders the list.
        """
        own = FilteredRelation("followers", condition=Q(followers__user=user))
        newest = self._replies().order_by("-created_at", "-pk")
        before_read_ones = F("last_reply_at") + Value(UNREAD_FIRST)
        found = self.annotate(own=own).filter(own__user=user, own__muted=False)
        found = found.annotate(
            last_reply_at=Coalesce(Subquery(newest.values("created_at")[:1]), F("created_at")),
            last_reply_ids=ArraySubquery(newest.values("pk")[:SHOWN_REPLIES]),
            is_unread=Case(When(self._is_unread(), then=True), default=False),
        )
        found = found.annotate(listed_at=Case(When(is_unread=True, then=before_read_ones), default=F("last_reply_at")))
        return found.order_by("-listed_at", "-pk")

    def unread_by(self, user: User) -> Self:
        """Select the first messages of the followed threads with a reply that `user` may see and has not read.

        The rule is that of `access.visible_messages`, but without knowing the role, so that one query serves everybody.
        """
        member = Exists(Membership.objects.filter(conversation=OuterRef("conversation"), user=user))
        is_guest = Exists(User.objects.filter(pk=user.pk, role=Role.GUEST))
        seen = Q(member) | (Q(conversation__kind=Kind.OPEN) & ~Q(is_guest))
        own = FilteredRelation("followers", condition=Q(followers__user=user))
        flagged = self.alias(own=own).filter(own__user=user, own__has_unread=True, own__muted=False)
        flagged = flagged.filter(seen, within_history(user), conversation__deleted_at__isnull=True)
        return flagged.filter(self._is_unread()).order_by()

    def _is_unread(self) -> Q:
        """Return whether a reply of somebody else is after the read marker of the joined follower."""
        others = self._replies().exclude(user=OuterRef("own__user"))
        return Q(own__has_unread=True) & Q(Exists(others.filter(created_at__gt=OuterRef("own__last_read_at"))))

    def _replies(self) -> models.QuerySet:
        return self.model._default_manager.filter(thread=OuterRef("pk"), deleted_at__isnull=True)
