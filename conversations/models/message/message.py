"""Messages: posting them exactly once, and reading them page by page."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import F, Max, Q
from django.db.models.functions import Now
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from chatsite.speed.fast_rows import FastRows
from chatsite.speed.keyset import text_bytes
from conversations.models.access import visible
from conversations.models.counting import shown
from conversations.models.keyset import TimeKeyset
from conversations.models.message import deleting, editing, posting
from conversations.models.message.activity import Activity
from conversations.models.message.attachment import Attachment
from conversations.models.message.days import MessageDays
from conversations.models.message.extras import WithExtras
from conversations.models.message.mention import MentionedMessages, mentionable_names, notified_by
from conversations.models.message.pin import PinnedMessages
from conversations.models.message.saved_message import SavedMessageLookups
from conversations.models.search.conditions import SearchedMessages
from conversations.text import markdown, mentions
from conversations.text.cursors import Cursor

if TYPE_CHECKING:
    from conversations.models import Conversation

PAGE = 20
MAX_CHARACTERS = 10_000
DELETED = _("deleted account")


class MessageQuerySet(
    Activity,
    MentionedMessages,
    MessageDays,
    PinnedMessages,
    SavedMessageLookups,
    SearchedMessages,
    WithExtras,
    TimeKeyset,
):
    """Messages, by who looks and in which order; and the verb that makes one."""

    bytes_of = staticmethod(lambda message: text_bytes(message.html or message.content))

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

    def recently_deleted(self, user: User) -> "MessageQuerySet":
        """Query what `user` may restore, the last deleted first."""
        return deleting.recently_deleted(self.including_deleted_visible_to(user), user)

    def post(
        self,
        conversation: "Conversation",
        author: User,
        content: str,
        client_key: UUID,
        reply_to: "Message | None" = None,
        quote: str = "",
        attachments: Sequence[Attachment] = (),
    ) -> "Message":
        """Write a message exactly once: the same `client_key` again gives the message that is there.

        `quote` is the part of `reply_to` that it is about; the bytes of `attachments` are already in their storage.
        Raises KeyReused where the key belongs to a message with other words or in another conversation, and
        PermissionDenied where `author` may not write, the conversation is archived, or what they answer is gone.
        """
        place = {"reply_to": reply_to, "quote": quote, "attachments": attachments}
        return posting.post(self, conversation, author, content, client_key, **place)

    def preview(self, conversation: "Conversation", author: User, content: str) -> "Message":
        """Make the message that posting would make of these words, unsaved, with how many it would tell as `told`."""
        html = markdown.render(content, mentionable_names(conversation, content, author))
        message = self.model(conversation=conversation, user=author, content=content, html=html)
        message.told = notified_by(conversation, mentions.shown_in(html), author).count() if "@" in content else 0
        return message


class Message(FastRows, models.Model):
    """What one person wrote, or (a system line) what happened; the sender is None for lines and deleted people."""

    conversation = models.ForeignKey(
        "conversations.Conversation", models.DB_CASCADE, db_index=False, related_name="messages"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DB_SET_NULL, null=True, db_index=False, related_name="messages"
    )
    content = models.TextField()
    html = models.TextField(db_default="", editable=False)
    # Of its attachments, so that a search finds them with the words: `tsv`, which 0001_search.sql adds, holds both.
    file_names = models.TextField(db_default="", default="", editable=False)
    is_system = models.BooleanField(db_default=False, default=False)
    # Whether there is anything for `with_extras` to look for: most have none.
    has_extras = models.BooleanField(db_default=False, default=False, editable=False)
    client_key = models.UUIDField(db_default=models.Func(function="gen_random_uuid"), editable=False)
    revision = models.BigIntegerField(db_default=0, default=0, editable=False)
    created_at = models.DateTimeField(db_default=models.Func(function="NOW"))
    edited_at = models.DateTimeField(null=True, editable=False)
    deleted_at = models.DateTimeField(null=True, editable=False)
    # Whoever is not its author has hidden it, with a reason.
    deleted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DB_SET_NULL, null=True, editable=False, db_index=False, related_name="+"
    )
    deletion_reason = models.CharField(max_length=250, null=True, editable=False)
    # What it answers, in the same conversation, the part of that it is about, and the first message of all of it.
    reply_to = models.ForeignKey(
        "self", models.DB_SET_NULL, null=True, editable=False, db_index=False, related_name="answers"
    )
    quote = models.TextField(null=True, editable=False)
    thread = models.ForeignKey(
        "self", models.DB_SET_NULL, null=True, editable=False, db_index=False, related_name="replies"
    )

    # What `with_extras` finds: what a reply answers as {id, html, sender}, None where that is deleted; the number of
    # replies as CappedCount; [{emoji, count, names, people}]; the fields of attachments; who pinned it as {by, reason}.
    answered: dict[str, Any] | None = None
    reply_count = 0
    reactions_summary: list[dict[str, Any]] | None = None
    files: list[dict[str, Any]] | None = None
    pinned: dict[str, Any] | None = None

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
        return self.user.name if self.user else str(DELETED)

    @property
    def body(self) -> str:
        """The message as safe HTML; what another program put into the table is rendered now."""
        return mark_safe(markdown.in_this_language(self.html or markdown.render(self.content)))  # noqa: S308 – from our renderer in both cases

    @property
    def posted_content(self) -> str:
        """The words as they were first posted."""
        original = self.earlier_texts.first() if self.edited_at else None
        return original.content if original else self.content

    @property
    def words(self) -> str:
        """The message in one line without marks."""
        return markdown.in_plain_words(self.html or markdown.render(self.content))

    @property
    def reply_count_label(self) -> str:
        """How many replies there are, as `with_extras` counted."""
        return shown(self.reply_count)

    @property
    def replied_to_words(self) -> str:
        """What `with_extras` found of the message that this one answers, in one line without marks."""
        return markdown.in_plain_words(self.answered["html"])

    @property
    def is_hidden(self) -> bool:
        """Tell whether a moderator has deleted it, who had to say why."""
        return self.deleted_at is not None and bool(self.deletion_reason)

    def says(self, part: str) -> bool:
        """Tell whether `part`, whatever its blanks, is in the message: nobody is quoted with what they did not say."""
        return " ".join(part.split()) in self.words

    def shown_in(self) -> list[int]:
        """List the ids of the messages that show something of this one: its answers, and the first of its thread."""
        answers = self.answers.order_by("pk").values_list("pk", flat=True)
        return [*([self.thread_id] if self.thread_id else []), *answers]

    @contextmanager
    def changing_by(self, user: User) -> Iterator[int]:
        """Raise the conversation for what `user` does with this message; raise PermissionDenied."""
        with self.conversation.changing() as revision:
            self.conversation.allow_writing(user)
            if self.is_system or not Message.objects.not_deleted().filter(pk=self.pk).exists():
                raise PermissionDenied(_("This message is not here any more."))
            yield revision

    def show_anew(self, revision: int, **fields: Any) -> None:
        """Give the message the `revision` of a change, so that open pages show it as it is now."""
        Message.objects.filter(pk=self.pk).update(revision=revision, **fields)

    def edit_by(self, user: User, content: str) -> None:
        """Replace the words, as only their author may; the earlier ones are kept. The same words change nothing.

        Raises PermissionDenied, also for a deleted message, and where its author may not write any more.
        """
        editing.edit(self, user, content)

    def delete_by(self, user: User, reason: str = "") -> None:
        """Take the message away from everyone: as its author or, giving a reason, as a moderator."""
        deleting.delete(self, user, reason)

    def restore_by(self, user: User | None) -> None:
        """Give a deleted message back to its place: its author for a day, a moderator as long as it is there.

        The command line, for which `user` is None, may as well; who may not gets PermissionDenied.
        """
        deleting.restore(self, user)

    def may_be_hidden_by(self, user: User) -> bool:
        """Tell whether `user`, who may see it and has not written it, may take it away from everyone."""
        return not self.is_system and self.user_id != user.pk and deleting.may_hide(self, user)
