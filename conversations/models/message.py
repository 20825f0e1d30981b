"""Messages: posting them exactly once, and reading them page by page."""

from datetime import date, datetime, time, timedelta, tzinfo
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, models, transaction
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import TruncDate
from django.utils.safestring import mark_safe

from accounts.models import User
from accounts.models.user import shown_name
from conversations import markdown
from conversations.cursors import Cursor
from conversations.models.kind import visible

if TYPE_CHECKING:
    from conversations.models import Conversation

PAGE = 20
MAX_CHARACTERS = 10_000
ONE_DAY = timedelta(days=1)
FIRST_DAY, LAST_DAY = date(1970, 1, 1), date(2999, 12, 31)
DELETED = "deleted account"

# One statement, so that all of it happens or nothing. The conversation is raised first: its row lock orders all that
# happens in it, and taken after the insert it would turn the locks of the foreign keys into multixacts, under which 32
# writers fell to a sixth of their speed. No row comes back where the author is no member or the conversation archived.
POST = """
WITH raised AS (
    UPDATE conversations
    SET revision = revision + 1,
        last_message_id = nextval(pg_get_serial_sequence('messages', 'id')),
        last_message_at = greatest(clock_timestamp(), last_message_at + interval '1 microsecond')
    WHERE id = %(conversation)s AND archived_at IS NULL AND EXISTS (
        SELECT FROM conversation_members WHERE conversation_id = %(conversation)s AND user_id = %(user)s
    )
    RETURNING id, revision, last_message_id, last_message_at
), own_read_mark AS (
    UPDATE conversation_members
    SET last_read_message_id = raised.last_message_id, last_read_at = raised.last_message_at
    FROM raised WHERE conversation_id = raised.id AND user_id = %(user)s
)
INSERT INTO messages (id, conversation_id, user_id, content, html, client_key, revision, created_at)
SELECT last_message_id, id, %(user)s, %(content)s, %(html)s, %(client_key)s, revision, last_message_at FROM raised
RETURNING id, revision, created_at
"""


class KeyReused(Exception):
    """The key of this send already belongs to another message."""


class MessageQuerySet(models.QuerySet):
    """Messages, by who looks and in which order; and the verb that makes one."""

    def visible_to(self, user: User) -> "MessageQuerySet":
        """Keep the messages of conversations that `user` may see."""
        return self.filter(visible(user, "conversation__kind", "conversation_id"))

    def newest_first(self) -> "MessageQuerySet":
        """Order by (created_at, id), the only order of messages: ids alone differ from it after an import."""
        return self.order_by("-created_at", "-pk")

    def oldest_first(self) -> "MessageQuerySet":
        return self.order_by("created_at", "pk")

    def before(self, cursor: Cursor) -> "MessageQuerySet":
        # Not `Q(…) | Q(…)`: PostgreSQL would read all that lies between the newest message and the cursor.
        return self.filter(created_at__lte=cursor.time).exclude(created_at=cursor.time, pk__gte=cursor.id)

    def after(self, cursor: Cursor) -> "MessageQuerySet":
        return self.filter(created_at__gte=cursor.time).exclude(created_at=cursor.time, pk__lte=cursor.id)

    def latest_page(self, size: int = PAGE) -> "MessageQuerySet":
        """Query the newest `size` messages with their senders, newest first: query 1 of the four."""
        return self.select_related("user").newest_first()[:size]

    def counts_per_day(self, since: date, until: date, zone: tzinfo) -> "MessageQuerySet":
        """Count messages by person and day of `zone`, from the day `since` to the day `until`: query 3 of the four.

        Yields {user_id, username, name, day, messages}. A day is from midnight to midnight in `zone`, so 23 or 25 hours
        where clocks change. What has no sender any more, and system lines, are nobody's and not counted. Raises
        ValueError for days before FIRST_DAY, after LAST_DAY, or in the wrong order.
        """
        if not FIRST_DAY <= since <= until <= LAST_DAY:
            raise ValueError(f"days must be from {FIRST_DAY} to {LAST_DAY}, the first before the last")
        start, end = (datetime.combine(day, time(), zone) for day in (since, until + ONE_DAY))
        return (
            self.filter(created_at__gte=start, created_at__lt=end, user__isnull=False)
            .annotate(day=TruncDate("created_at", tzinfo=zone), name=shown_name("user__"), username=F("user__username"))
            .values("user_id", "username", "name", "day")
            .annotate(messages=Count("*"))
            .order_by("day", "-messages", "user_id")
        )

    def silent_people(self, since: datetime, after: str = "") -> models.QuerySet[User]:
        """Query who wrote none of these messages since `since`, by user name, from `after` on: query 4 of the four.

        Who never wrote counts from when they joined. Adds `last_wrote_at`, None where there is nothing. Exists, never
        NOT IN: with one message of a deleted person NOT IN is true for nobody.
        """
        theirs = self.filter(user=OuterRef("pk"))
        last = theirs.newest_first().values("created_at")[:1]
        return (
            User.objects.active()
            .filter(~Exists(theirs.filter(created_at__gte=since)), username__gt=after)
            .filter(Q(created_at__lt=since) | Exists(theirs))
            .annotate(last_wrote_at=Subquery(last))
            .order_by("username")
        )

    def post(self, conversation: "Conversation", author: User, content: str, client_key: UUID) -> "Message":
        """Write a message exactly once: the same `client_key` again gives the message that is there.

        Raises KeyReused where the key belongs to a message with other words or in another conversation, and
        PermissionDenied where `author` is no member or the conversation is archived.
        """
        fields = {"content": content, "html": markdown.render(content), "client_key": client_key}
        try:
            # A savepoint inside a transaction; outside of one the statement is a transaction of its own.
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(POST, fields | {"conversation": conversation.pk, "user": author.pk})
                posted = cursor.fetchone()
        except IntegrityError:  # the key is taken, perhaps by the same send a moment ago
            posted = None
        if posted is None:
            return self._posted_before(conversation, author, content, client_key)
        pk, revision, created_at = posted
        own = {"pk": pk, "conversation": conversation, "user": author, "revision": revision, "created_at": created_at}
        return self.model(**own, **fields)

    def _posted_before(self, conversation: "Conversation", author: User, content: str, client_key: UUID) -> "Message":
        message = self.filter(user=author, client_key=client_key).first()
        if message is None:
            raise PermissionDenied("Only members can write here, and nobody where a conversation is archived.")
        if (message.conversation_id, message.content) != (conversation.pk, content):
            raise KeyReused(f"{client_key} is the key of message {message.pk}")
        return message


class Message(models.Model):
    """What one person wrote, or (a system line) what happened; the sender is None for lines and deleted people."""

    conversation = models.ForeignKey(
        "conversations.Conversation", models.DB_CASCADE, db_index=False, related_name="messages"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DB_SET_NULL, null=True, db_index=False, related_name="messages"
    )
    content = models.TextField()
    html = models.TextField(db_default="", editable=False)
    is_system = models.BooleanField(db_default=False, default=False)
    client_key = models.UUIDField(db_default=models.Func(function="gen_random_uuid"), editable=False)
    revision = models.BigIntegerField(db_default=0, default=0, editable=False)
    created_at = models.DateTimeField(db_default=models.Func(function="NOW"))

    objects = MessageQuerySet.as_manager()

    class Meta:
        db_table = "messages"
        constraints = [models.UniqueConstraint(fields=["user", "client_key"], name="messages_client_key_unique")]
        indexes = [
            models.Index(F("conversation"), F("created_at").desc(), name="idx_messages_conversation"),
            models.Index(F("conversation"), F("created_at").desc(), F("id").desc(), name="messages_conv_created_id"),
            models.Index(F("user"), F("created_at").desc(), name="messages_user_created"),
            models.Index(fields=["created_at", "user"], name="messages_created_user"),
        ]

    def __str__(self) -> str:
        words = self.content[:60]
        return words if self.is_system else f"{self.sender_name}: {words}"

    @property
    def cursor(self) -> Cursor:
        return Cursor(self.created_at, self.pk)

    @property
    def sender_name(self) -> str:
        return self.user.name if self.user else DELETED

    @property
    def body(self) -> str:
        """The message as safe HTML; what another program put into the table is rendered now."""
        return mark_safe(self.html or markdown.render(self.content))  # noqa: S308 – from our renderer in both cases
