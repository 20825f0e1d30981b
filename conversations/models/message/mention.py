"""Mentions: the people who are notified of a message because it names them."""

from typing import Self

from django.conf import settings
from django.db import connection, models
from django.db.models import F, FilteredRelation, Q

from accounts.models import User
from accounts.models.people import UserQuerySet

RECORD = """
INSERT INTO mentions (user_id, message_id, conversation_id)
SELECT notified.id, %s, %s FROM ({people}) notified ON CONFLICT DO NOTHING
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
            cursor.execute(RECORD.format(people=query), [message_id, conversation_id, *values])


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
        ]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.message_id}"
