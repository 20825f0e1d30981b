"""The columns of a message, and how its verbs change it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _

from accounts.models import NotAllowed, User
from conversations.text.visible import is_visible


class RefusedText(NotAllowed):
    """Nobody may post this text, or not its author; the argument says why."""


class MessageFields(models.Model):
    """The base of the mixins with the verbs on a message."""

    conversation = models.ForeignKey(
        "conversations.Conversation", models.DB_CASCADE, db_index=False, related_name="messages"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DB_SET_NULL, null=True, db_index=False, related_name="messages"
    )
    content = models.TextField()
    html = models.TextField(db_default="", editable=False)
    # The names of its attachments, for search: the column `tsv`, which migrations/0001_search.sql adds, holds both.
    file_names = models.TextField(db_default="", default="", editable=False)
    # What the renderer found in the text. NULL in messages of release 0.1 and of other programs.
    has_link = models.BooleanField(null=True, editable=False)
    has_code = models.BooleanField(null=True, editable=False)
    # The text without markup, if it differs from `content`. An edit by code that does not know it makes all three NULL.
    plain_text = models.TextField(null=True, editable=False)
    is_system = models.BooleanField(db_default=False, default=False)
    # Whether it leaves its conversation read: it neither counts as unread nor is it the newest message of the inbox.
    is_silent = models.BooleanField(db_default=False, default=False, editable=False)
    # Whether there is anything for `with_extras` to look for: most messages have nothing.
    has_extras = models.BooleanField(db_default=False, default=False, editable=False)
    client_key = models.UUIDField(db_default=models.Func(function="gen_random_uuid"), editable=False)
    revision = models.BigIntegerField(db_default=0, default=0, editable=False)
    created_at = models.DateTimeField(db_default=models.Func(function="NOW"))
    edited_at = models.DateTimeField(null=True, editable=False)
    deleted_at = models.DateTimeField(null=True, editable=False)
    # If somebody other than the author, the message was hidden, with a reason.
    deleted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DB_SET_NULL, null=True, editable=False, db_index=False, related_name="+"
    )
    deletion_reason = models.CharField(max_length=250, null=True, editable=False)
    # The message that it replies to, in the same conversation, and the part of its text that is quoted.
    reply_to = models.ForeignKey(
        "conversations.Message",
        models.DB_SET_NULL,
        null=True,
        editable=False,
        db_index=False,
        related_name="direct_replies",
    )
    quote = models.TextField(null=True, editable=False)
    # The first message of its thread.
    thread = models.ForeignKey(
        "conversations.Message", models.DB_SET_NULL, null=True, editable=False, db_index=False, related_name="replies"
    )
    # False for a reply that is only in its thread.
    in_conversation = models.BooleanField(db_default=True, default=True, editable=False)

    class Meta:
        abstract = True

    @property
    def stored(self) -> models.QuerySet:
        """Query the row of this message as it is now, unless it is a system message, which no verb changes."""
        return self.conversation.messages.filter(pk=self.pk, is_system=False)

    @property
    def shown_in(self) -> list[int]:
        """List the ids of the messages that show a part of this one: its replies, and the first of its thread."""
        replies = self.conversation.messages.filter(reply_to=self.pk).order_by("pk").values_list("pk", flat=True)
        return [*([self.thread_id] if self.thread_id else []), *replies]

    @contextmanager
    def changing_by(self, by: User) -> Iterator[int]:
        """Raise the revision of the conversation for a change of this message by `by`; yield the new revision.

        Raises NotAllowed if they may not write there, or if the message is deleted.
        """
        with self.conversation.changing() as revision:
            self.conversation.allow_writing(by)
            if not self.conversation.messages.visible_to(by).filter(pk=self.pk, is_system=False).exists():
                raise NotAllowed(_("This message no longer exists."))
            yield revision

    def refuse_invisible(self, text: str, has_files: bool = False) -> None:
        """Raise RefusedText for a text of which nobody would see anything, unless there are files to see."""
        if not has_files and not is_visible(text):
            raise RefusedText(_("Write something first."))

    def show_again(self, revision: int) -> None:
        """Give the message the `revision` of a change, so that open pages show it as it is now."""
        self.stored.update(revision=revision)

    def show_with_extras(self, revision: int) -> None:
        """Show the message again, and from now on with its reactions, pin and files."""
        self.stored.update(revision=revision, has_extras=True)
