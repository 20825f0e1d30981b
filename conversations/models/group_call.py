"""Group calls: messages that mention @all in a large conversation, in place of a mention for each member."""

from datetime import UTC, datetime
from typing import Any, Self

from django.db import connection, models
from django.db.models import F, OuterRef, Q, Value
from django.db.models.functions import Coalesce, Greatest

from accounts.models import User
from conversations.models.outbox import NOTIFY_AGAIN

ALWAYS = Value(datetime.min.replace(tzinfo=UTC))
# An edit calls people who have read past the message, so its call has a time of its own: see `read_markers`.
RECORD = """
WITH call AS (
    INSERT INTO group_calls (message_id, conversation_id, called_at)
    SELECT id, conversation_id, CASE WHEN %(is_edit)s THEN clock_timestamp() ELSE created_at END
    FROM messages WHERE id = %(message)s
    ON CONFLICT DO NOTHING RETURNING message_id
)
INSERT INTO outbox (message_id, is_edit) SELECT message_id, %(is_edit)s FROM call {again}
"""


class GroupCallQuerySet(models.QuerySet):
    """Group calls, by the people they reach, and the verb that creates them."""

    def record(self, message_id: int, *, is_edit: bool) -> None:
        """Call all members of the conversation of a message, once; within the change that wrote it."""
        with connection.cursor() as cursor:
            cursor.execute(RECORD.format(again=NOTIFY_AGAIN), {"message": message_id, "is_edit": is_edit})

    def reaching(self, user: User | int, **membership: Any) -> Self:
        """Select the calls that reach `user`, without those that also name them.

        They reach everyone who was a member, but not the author; `membership` are more conditions on theirs.
        """
        theirs = {"user": user, "joined_at__lt": F("called_at")} | membership
        conditions = {f"conversation__memberships__{lookup}": value for lookup, value in theirs.items()}
        history = "conversation__memberships__history_from"
        within = Q(**{f"{history}__isnull": True}) | Q(**{f"{history}__lte": F("message__created_at")})
        return self.filter(within, **conditions, conversation__deleted_at__isnull=True).made_to(user)

    def unseen_by(self, user: User) -> Self:
        """Select the calls that reach `user` after their read marker."""
        return self.reaching(user, last_read_at__lt=F("called_at"))

    def unseen_in(self, conversation: Any, user: Any, membership: str) -> Self:
        """Select the same in one conversation, within a query that has the membership of `user`, an expression or not.

        `membership` is the lookup of it: "mine__". It takes one look into an index for each row of that query.
        """
        joined_at, last_read_at, history_from = (
            OuterRef(f"{membership}{name}") for name in ("joined_at", "last_read_at", "history_from")
        )
        there = self.filter(conversation=conversation, called_at__gt=Greatest(joined_at, last_read_at))
        return there.filter(message__created_at__gte=Coalesce(history_from, ALWAYS)).made_to(user)

    def made_to(self, user: Any) -> Self:
        """Leave out calls that `user` made, those that also name them, and deleted ones."""
        others = self.filter(message__deleted_at__isnull=True).exclude(message__user=user)
        return others.exclude(message__mentions__user=user)


class GroupCall(models.Model):
    """One message that calls all members of a large conversation; read markers tell who has seen it."""

    message = models.OneToOneField(
        "conversations.Message", models.DB_CASCADE, primary_key=True, related_name="group_call"
    )
    conversation = models.ForeignKey("conversations.Conversation", models.DB_CASCADE, db_index=False, related_name="+")
    called_at = models.DateTimeField(db_default=models.Func(function="clock_timestamp"))

    objects = GroupCallQuerySet.as_manager()

    class Meta:
        db_table = "group_calls"
        indexes = [models.Index(fields=["conversation", "called_at"], name="calls_of_conversation")]

    def __str__(self) -> str:
        return f"call by {self.message_id}"
