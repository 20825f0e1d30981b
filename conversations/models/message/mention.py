"""Mentions: the people who are notified of a message because it names them."""

from collections.abc import Iterable
from typing import Any, Self

from django.conf import settings
from django.db import connection, models
from django.db.models import F, FilteredRelation, Q

from accounts.models import User
from accounts.models.people import UserQuerySet, shown_name
from conversations.text import mentions

# A mention in a thread shows it to the person from that reply on.
RECORD = """
WITH notified AS ({people}), new AS (
    INSERT INTO mentions (user_id, message_id, conversation_id)
    SELECT notified.id, %s, %s FROM notified ON CONFLICT DO NOTHING
    RETURNING user_id, message_id
)
INSERT INTO thread_followers (user_id, message_id, last_read_at, has_unread)
SELECT new.user_id, thread_id, created_at - interval '1 microsecond', true
FROM new JOIN messages ON messages.id = message_id WHERE thread_id IS NOT NULL
ON CONFLICT (user_id, message_id) DO UPDATE
SET last_read_at = least(thread_followers.last_read_at, excluded.last_read_at), has_unread = true
"""


class MentionedMessages(models.QuerySet):
    """Messages, by the people they mention."""

    def mentioning(self, user: User) -> Self:
        """Select the messages that mention `user`, the last mention first. Adds `mentioned_at` and `seen_at`."""
        own = FilteredRelation("mentions", condition=Q(mentions__user=user))
        found = self.annotate(own=own, mentioned_at=F("own__mentioned_at"), seen_at=F("own__seen_at"))
        found = found.filter(own__user=user)
        return found.select_related("conversation").order_by("-mentioned_at", "-pk")


class MentionQuerySet(models.QuerySet):
    """Mentions, and the verb that creates them."""

    def record(self, message_id: int, conversation_id: int, people: UserQuerySet) -> None:
        """Notify `people` of a message, each once even if it is edited; within the change that wrote it."""
        query, values = people.values("id").query.sql_with_params()
        with connection.cursor() as cursor:
            cursor.execute(RECORD.format(people=query), [*values, message_id, conversation_id])


class Mention(models.Model):
    """One person notified of one message, once; `seen_at` is when they had read so far."""

    pk = models.CompositePrimaryKey("user_id", "message_id")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.DB_CASCADE, db_index=False, related_name="+")
    message = models.ForeignKey("conversations.Message", models.DB_CASCADE, related_name="mentions")
    conversation = models.ForeignKey("conversations.Conversation", models.DB_CASCADE, db_index=False, related_name="+")
    mentioned_at = models.DateTimeField(db_default=models.Func(function="clock_timestamp"))
    seen_at = models.DateTimeField(null=True)

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
