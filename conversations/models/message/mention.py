"""Mentions: the people who are notified of a message because it names them."""

from collections.abc import Iterable
from typing import Any, Self

from django.conf import settings
from django.db import connection, models
from django.db.models import Case, F, FilteredRelation, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce

from accounts.models import User
from accounts.models.people import UserQuerySet, shown_name
from conversations.models.conversation.membership import Membership
from conversations.models.group_call import GroupCall
from conversations.models.keyset import TimeKeyset
from conversations.models.outbox import NOTIFY_AGAIN
from conversations.text import mentions

# A mention in a thread shows it to the person from that reply on.
RECORD = """
WITH notified AS ({people}), new AS (
    INSERT INTO mentions (user_id, message_id, conversation_id, reason)
    SELECT notified.id, %s, %s, notified.reason FROM notified ON CONFLICT DO NOTHING
    RETURNING user_id, message_id
), following AS (
    INSERT INTO thread_followers (user_id, message_id, last_read_at, has_unread)
    SELECT new.user_id, thread_id, created_at - interval '1 microsecond', true
    FROM new JOIN messages ON messages.id = message_id WHERE thread_id IS NOT NULL
    ON CONFLICT (user_id, message_id) DO UPDATE
    SET last_read_at = least(thread_followers.last_read_at, excluded.last_read_at), has_unread = true
)
INSERT INTO outbox (message_id, is_edit) SELECT DISTINCT message_id, %s FROM new {again}
"""


class MentionedMessages(TimeKeyset):
    """Messages, by the people they mention."""

    def mentioning(self, user: User, after: Any, size: int) -> Self:
        """List up to `size` messages after a cursor that mention or call `user`, the last mention first.

        Adds `mentioned_at` and `seen_at`. Each list is read from its own index, as far as the page needs it.
        """
        named = self.filter(mentions__user=user).annotate(mentioned_at=F("mentions__mentioned_at"))
        calls = GroupCall.objects.reaching(user).values("message")
        called = self.filter(pk__in=calls).annotate(mentioned_at=F("group_call__called_at"))
        first = [each.order_by("-mentioned_at", "-pk").beyond(after).values("pk")[:size] for each in (named, called)]
        own = FilteredRelation("mentions", condition=Q(mentions__user=user))
        found = self.filter(pk__in=first[0].union(first[1], all=True)).annotate(
            own=own,
            mentioned_at=Coalesce("own__mentioned_at", "group_call__called_at"),
            seen_at=Case(When(own__user=user, then="own__seen_at"), default=seen_by_marker(user)),
        )
        return found.select_related("conversation").order_by("-mentioned_at", "-pk")[:size]


def seen_by_marker(user: User) -> Subquery:
    """Return when `user` had read past a group call, as an expression on messages."""
    theirs = {"conversation": OuterRef("conversation"), "user": user}
    passed = Membership.objects.filter(**theirs, last_read_at__gte=OuterRef("group_call__called_at"))
    return Subquery(passed.values("last_read_at"))


class MentionQuerySet(models.QuerySet):
    """Mentions, and the verb that creates them."""

    def record(self, message_id: int, conversation_id: int, people: UserQuerySet, *, is_edit: bool) -> None:
        """Notify `people`, with their `reason`, of a message, each once; within the change that wrote it."""
        query, values = people.values("id", "reason").query.sql_with_params()
        with connection.cursor() as cursor:
            statement = RECORD.format(people=query, again=NOTIFY_AGAIN)
            cursor.execute(statement, [*values, message_id, conversation_id, is_edit])


class Reason(models.TextChoices):
    """Why a mention notifies somebody: by their name, or as one of those whom @all or @here calls."""

    MENTION = "mention"
    CALL = "call"


class Mention(models.Model):
    """One person notified of one message, once; `seen_at` is when they had read so far."""

    pk = models.CompositePrimaryKey("user_id", "message_id")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.DB_CASCADE, db_index=False, related_name="+")
    message = models.ForeignKey("conversations.Message", models.DB_CASCADE, related_name="mentions")
    conversation = models.ForeignKey("conversations.Conversation", models.DB_CASCADE, db_index=False, related_name="+")
    mentioned_at = models.DateTimeField(db_default=models.Func(function="clock_timestamp"))
    seen_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=7, choices=Reason, db_default="mention", default="mention")

    objects = MentionQuerySet.as_manager()

    class Meta:
        db_table = "mentions"
        indexes = [
            models.Index(fields=["user", "-mentioned_at"], name="mentions_of_user"),
            models.Index(fields=["conversation", "user"], name="mentions_unseen", condition=Q(seen_at__isnull=True)),
            models.Index(fields=["user"], name="mentions_unseen_by_user", condition=Q(seen_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.message_id}"


def add_names(messages: Iterable[Any]) -> None:
    """Add to messages that mention people their present names as `people`; one statement, or none."""
    named = [(message, names) for message in messages if (names := mentions.mentioned_in(message.html))]
    if not named:
        return
    people = User.objects.called(set().union(*(names for _message, names in named)))
    present = dict(people.annotate(shown=shown_name()).values_list("username", "shown"))
    for message, names in named:
        message.people = {name: present[name] for name in sorted(names & present.keys())}
