"""Messages: posting them exactly once, and reading them page by page."""

from datetime import date, datetime, time, timedelta, tzinfo
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Count, Exists, F, Max, OuterRef, Q, Subquery
from django.db.models.functions import Now, TruncDate
from django.utils.safestring import mark_safe

from accounts.models import User
from accounts.models.people import shown_name
from conversations import markdown
from conversations.cursors import Cursor
from conversations.models import posting
from conversations.models.kind import visible

if TYPE_CHECKING:
    from conversations.models import Conversation

PAGE = 20
MAX_CHARACTERS = 10_000
ONE_DAY = timedelta(days=1)
FIRST_DAY, LAST_DAY = date(1970, 1, 1), date(2999, 12, 31)
DELETED = "deleted account"


class MessageQuerySet(models.QuerySet):
    """Messages, by who looks and in which order; and the verb that makes one."""

    def visible_to(self, user: User) -> "MessageQuerySet":
        """Keep the messages of conversations that `user` may see, without deleted ones."""
        return self.not_deleted().including_deleted_visible_to(user)

    def including_deleted_visible_to(self, user: User) -> "MessageQuerySet":
        """Keep the messages of conversations that `user` may see: for verbs on deleted ones, never to show a text."""
        return self.filter(visible(user, "conversation__"))

    def not_deleted(self) -> "MessageQuerySet":
        return self.filter(deleted_at__isnull=True)

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

    def unread_since(self, moment: Any, conversation: Any) -> "MessageQuerySet":
        """Keep what `conversation` says after the `moment` up to which somebody has read; both may be expressions."""
        return self.not_deleted().filter(conversation=conversation, created_at__gt=moment)

    def revisions_within(self, recently: timedelta) -> dict[int, int]:
        """Map the conversations in which something was posted `recently` to the revision of the last such change."""
        newest = self.filter(created_at__gt=Now() - recently).values("conversation").annotate(newest=Max("revision"))
        return dict(newest.values_list("conversation", "newest"))

    def latest_page(self, size: int = PAGE) -> "MessageQuerySet":
        """Query the newest `size` messages with their senders, newest first: query 1 of the four."""
        return self.not_deleted().select_related("user").newest_first()[:size]

    def counts_per_day(self, since: date, until: date, zone: tzinfo) -> "MessageQuerySet":
        """Count messages by person and day of `zone`, from the day `since` to the day `until`: query 3 of the four.

        Yields {user_id, username, name, day, messages}; deleted ones count unless `visible_to` has left them out. A day
        is from midnight to midnight in `zone`, so 23 or 25 hours where clocks change. What has no sender any more, and
        system lines, are nobody's and not counted. Raises ValueError for days before FIRST_DAY, after LAST_DAY, or in
        the wrong order.
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
        return posting.post(self, conversation, author, content, client_key)


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
    edited_at = models.DateTimeField(null=True, editable=False)
    deleted_at = models.DateTimeField(null=True, editable=False)
    # Whoever is not its author has hidden it, with a reason.
    deleted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DB_SET_NULL, null=True, editable=False, db_index=False, related_name="+"
    )
    deletion_reason = models.CharField(max_length=250, db_default="", default="", editable=False)
    # What it answers, in the same conversation, the part of that it is about, and the first message of all of it.
    reply_to = models.ForeignKey(
        "self", models.DB_SET_NULL, null=True, editable=False, db_index=False, related_name="answers"
    )
    quote = models.TextField(db_default="", default="", editable=False)
    thread = models.ForeignKey(
        "self", models.DB_SET_NULL, null=True, editable=False, db_index=False, related_name="replies"
    )

    objects = MessageQuerySet.as_manager()

    class Meta:
        db_table = "messages"
        constraints = [models.UniqueConstraint(fields=["user", "client_key"], name="messages_client_key_unique")]
        indexes = [
            models.Index(F("conversation"), F("created_at").desc(), name="idx_messages_conversation"),
            # Without the deleted: a page costs the same however many there are, and unread ones are counted within it.
            models.Index(
                *(F("conversation"), F("created_at").desc(), F("id").desc()),
                name="messages_conv_created_id",
                condition=Q(deleted_at__isnull=True),
            ),
            models.Index(fields=["conversation", "revision"], name="messages_conv_revision"),
            models.Index(F("user"), F("created_at").desc(), name="messages_user_created"),
            models.Index(fields=["created_at", "user"], name="messages_created_user"),
            # For a minority of the messages, so that the others cost them nothing.
            models.Index(fields=["reply_to"], name="messages_reply_to", condition=Q(reply_to__isnull=False)),
            models.Index(fields=["thread", "created_at"], name="messages_thread", condition=Q(thread__isnull=False)),
            models.Index(fields=["deleted_at"], name="messages_deleted", condition=Q(deleted_at__isnull=False)),
            models.Index(fields=["deleted_by"], name="messages_deleted_by", condition=Q(deleted_by__isnull=False)),
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

    @property
    def posted_content(self) -> str:
        """The words as they were first posted."""
        original = self.earlier_texts.first() if self.edited_at else None
        return original.content if original else self.content

    def edit_by(self, user: User, content: str) -> None:
        """Replace the words, as only their author may; the earlier ones are kept. The same words change nothing.

        Raises PermissionDenied, also for a deleted message and in an archived conversation.
        """
        if content == self.content and self._of(user).exists():
            return
        with self.conversation.changing() as revision:
            mine = self._of(user).not_deleted().filter(conversation__archived_at__isnull=True)
            before = mine.values_list("content", flat=True).first()
            if before is None:
                raise PermissionDenied(
                    "Only who wrote a message can edit it, and not where a conversation is archived."
                )
            self.earlier_texts.create(content=before)
            self.content, self.html = content, markdown.render(content)
            mine.update(content=content, html=self.html, edited_at=Now(), revision=revision)

    def delete_by(self, user: User) -> None:
        """Take the message away from everyone, as only its author may; `restore_by` gives it back."""
        self._set_deleted(user, deleted_at=Now(), refusal="Only who wrote a message can delete it.")

    def restore_by(self, user: User) -> None:
        """Give a deleted message back to its place, as only its author may."""
        self._set_deleted(user, deleted_at=None, refusal="Only who wrote a message can restore it.")

    def _set_deleted(self, user: User, deleted_at: Now | None, refusal: str) -> None:
        with self.conversation.changing() as revision:
            if not self._of(user).exists():
                raise PermissionDenied(refusal)
            self._of(user).filter(deleted_at__isnull=deleted_at is not None).update(
                deleted_at=deleted_at, revision=revision
            )
            self.conversation.find_newest()

    def _of(self, user: User) -> MessageQuerySet:
        return Message.objects.filter(pk=self.pk, user=user, is_system=False)
