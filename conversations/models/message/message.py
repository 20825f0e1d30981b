"""Messages: what people wrote, and system messages, in the order of a conversation."""

from datetime import timedelta
from typing import Any, Self, cast

from django.db import models
from django.db.models import F, Max, Q
from django.db.models.functions import Now
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from accounts.models import NotAllowed, User
from chatsite.speed.fast_rows import FastRows
from chatsite.speed.keyset import text_bytes
from conversations.models.access import visible_messages
from conversations.models.event.converting import IS_SENTENCE
from conversations.models.event.wording import sentence
from conversations.models.keyset import TimeKeyset
from conversations.models.message.deletable import Deletable, DeletedMessages
from conversations.models.message.editable import Editable
from conversations.models.message.extras import WithExtras, bytes_of_extras, happened
from conversations.models.message.filling import WITHOUT_FACTS, FillingFacts
from conversations.models.message.mention import MentionedMessages
from conversations.models.message.pin import Pinnable, PinnedMessages
from conversations.models.message.reaction import Reactable
from conversations.models.message.saved_message import Savable, SavedMessageLookups
from conversations.models.search.conditions import SearchedMessages
from conversations.models.thread.followed import FollowedThreads
from conversations.models.thread.following import Followable
from conversations.models.timeline.activity import Activity
from conversations.models.timeline.days import MessageDays
from conversations.text import lines, markdown, mentions
from conversations.text.cursors import Cursor

PAGE_MESSAGES = 20
ROW_BYTES = 1_300  # of HTML around the body of a message
MAX_CHARACTERS = 10_000
DELETED = _("deleted account")


class MessageQuerySet(  # type: ignore[override]  # django-stubs gives each mixin its own type of `as_manager`
    Activity,
    DeletedMessages,
    FillingFacts,
    FollowedThreads,
    MentionedMessages,
    MessageDays,
    PinnedMessages,
    SavedMessageLookups,
    SearchedMessages,
    WithExtras,
    TimeKeyset,
):
    """Messages, by reader and in order."""

    bytes_of = staticmethod(lambda message: message.html_bytes)

    def visible_to(self, user: User) -> Self:
        """Select the messages that `user` may see, without deleted ones."""
        return self.not_deleted().including_deleted_visible_to(user)

    def in_conversations_of(self, user: User) -> Self:
        """Select the messages that `user` may see where they are a member."""
        return self.visible_to(user).filter(conversation__memberships__user=user)

    def reported_to(self, user: User) -> Self:
        """Select the messages that reports count for `user`; raise NotAllowed for guests, who know only some people."""
        if user.is_guest:
            raise NotAllowed(_("Reports are for members."))
        return self.visible_to(user)

    def including_deleted_visible_to(self, user: User) -> Self:
        """Select the messages that `user` may see, including deleted ones: for verbs on them, not to show them."""
        return self.filter(visible_messages(user)).read_by(user.pk)

    def posted_since(self, moment: Any) -> Self:
        """Select the messages posted at or after a time, which may be an expression; None keeps all."""
        return self.all() if moment is None else self.filter(created_at__gte=moment)

    def find(self, pk: int) -> "Message | None":
        """Find a message by its id, deleted or not, for the command line."""
        return cast("Message | None", self.select_related("conversation").filter(pk=pk).first())

    def not_deleted(self) -> Self:
        return self.filter(deleted_at__isnull=True)

    def newest_first(self) -> Self:
        """Order by (created_at, id), the only order of messages: ids alone differ from it after an import."""
        return self.order_by("-created_at", "-pk")

    def oldest_first(self) -> Self:
        return self.order_by("created_at", "pk")

    def unread_since(self, moment: Any, conversation: Any) -> Self:
        """Select the messages of `conversation` after a read marker, the `moment`; both may be expressions."""
        return self.not_deleted().that_count().filter(conversation=conversation, created_at__gt=moment)

    def with_id(self, pk: int) -> Self:
        """Select this one message, as it is in the database now."""
        return self.filter(pk=pk)

    def revisions_within(self, recently: timedelta) -> dict[int, int]:
        """Map the conversations in which something was posted `recently` to the revision of the last such change."""
        newest = self.filter(created_at__gt=Now() - recently).values("conversation").annotate(newest=Max("revision"))
        return dict(newest.values_list("conversation", "newest"))

    def latest_page(self, size: int = PAGE_MESSAGES) -> Self:
        """Query the newest `size` messages with their senders, newest first: query 1 of the four."""
        return self.not_deleted().of_timeline().select_related("user").newest_first()[:size]

    def recently_deleted(self, user: User) -> Self:
        """List the deleted messages that `user` may restore, the last deleted first."""
        deleted = self.including_deleted_visible_to(user).restorable_by(user).filter(deleted_at__isnull=False)
        return deleted.select_related("user", "conversation", "deleted_by").order_by("-deleted_at", "-pk")


class Message(FastRows, Editable, Deletable, Reactable, Pinnable, Savable, Followable):
    """A message of a person, or a system message; the sender is None for system messages and removed accounts."""

    # What `with_extras` finds: the message replied to as {id, beginning, sender, posted_at}, as {is_earlier} where it
    # was posted before the reader joined, None where it is deleted; [{emoji, count, names, people}]; the fields of
    # attachments; who pinned it as {by, reason}. It also finds `happened`, and what `Followable` shows of the thread.
    replied_to: dict[str, Any] | None = None
    reactions_summary: list[dict[str, Any]] | None = None
    files: list[dict[str, Any]] | None = None
    pinned: dict[str, Any] | None = None
    # The present names of the people it mentions, {user name: name}.
    people: dict[str, str] | None = None
    # A piece of a search hit with the words of the query marked.
    excerpt = SafeString()
    # How many people a preview would notify if it was posted.
    notified_count = 0

    objects = MessageQuerySet.as_manager()

    class Meta:
        db_table = "messages"
        constraints = [models.UniqueConstraint(fields=["user", "client_key"], name="messages_client_key_unique")]
        indexes = [
            models.Index(F("conversation"), F("created_at").desc(), name="idx_messages_conversation"),
            # Without deleted messages, so that they slow down no page.
            models.Index(
                *(F("conversation"), F("created_at").desc(), F("id").desc()),
                name="messages_conv_created_id",
                condition=Q(deleted_at__isnull=True),
            ),
            # The same without the replies of threads, however many there are; unread ones are counted by it alone.
            models.Index(
                *(F("conversation"), F("created_at").desc(), F("id").desc()),
                name="messages_timeline",
                include=["is_silent"],
                condition=Q(deleted_at__isnull=True, in_conversation=True),
            ),
            models.Index(fields=["conversation", "revision"], name="messages_conv_revision"),
            models.Index(F("user"), F("created_at").desc(), name="messages_user_created"),
            models.Index(fields=["created_at", "user"], name="messages_created_user"),
            # For a minority of the messages, so that the others cost them nothing.
            models.Index(fields=["reply_to"], name="messages_reply_to", condition=Q(reply_to__isnull=False)),
            models.Index(fields=["thread", "created_at"], name="messages_thread", condition=Q(thread__isnull=False)),
            models.Index(fields=["deleted_at"], name="messages_deleted", condition=Q(deleted_at__isnull=False)),
            models.Index(fields=["deleted_by"], name="messages_deleted_by", condition=Q(deleted_by__isnull=False)),
            models.Index(fields=["created_at"], name="messages_has_link", condition=Q(has_link=True)),
            models.Index(fields=["created_at"], name="messages_has_code", condition=Q(has_code=True)),
            models.Index(fields=["created_at"], name="messages_without_facts", condition=WITHOUT_FACTS),
            models.Index(fields=["id"], name="messages_sentences", condition=IS_SENTENCE),
        ]

    def __str__(self) -> str:
        words = self.said[:60]
        return words if self.is_system else f"{self.sender_name}: {words}"

    @property
    def cursor(self) -> Cursor:
        return Cursor(self.created_at, self.pk)

    @property
    def html_bytes(self) -> int:
        """An estimate of how many bytes the message takes on a page."""
        extras = bytes_of_extras(self) if self.has_extras else 0
        return ROW_BYTES + text_bytes(self.html or self.content) + extras

    @property
    def sender_name(self) -> str:
        return self.user.name if self.user else str(DELETED)

    @cached_property
    def happened(self) -> dict[str, Any] | None:
        """The event of a system message; None if it still has a sentence. `with_extras` finds it for a whole page."""
        if not self.is_system:
            return None
        return Message.objects.filter(pk=self.pk).values_list(happened(), flat=True).first()

    @property
    def said(self) -> str:
        """The text as it was written; for a system message, its words in the language of the reader."""
        return sentence(self.happened) if self.happened else self.content

    @property
    def body(self) -> str:
        """The message as safe HTML; a message that another program inserted is rendered now."""
        if self.happened:
            return format_html("<p>{}</p>", sentence(self.happened))
        html = markdown.with_labels(self.html or markdown.render(self.content).html)
        return mark_safe(mentions.with_names(html, self.people or {}))  # noqa: S308 – from our renderer, names escaped

    @property
    def fold(self) -> str:
        """How a page folds the message, as `lines.fold` decides by its source."""
        return lines.fold(self.content)

    @property
    def words(self) -> str:
        """The message in one line without markup."""
        if self.happened:
            return sentence(self.happened)
        if self.plain_text is not None:
            return self.plain_text
        return markdown.in_one_line(self.content, is_source=self.has_link is None and not self.is_system)

    @property
    def replied_to_words(self) -> str:
        """The text of `replied_to` in one line without markup."""
        beginning = (self.replied_to or {}).get("beginning")
        return markdown.in_one_line(**beginning) if beginning else ""

    def says(self, part: str) -> bool:
        """Return whether the message contains `part`, ignoring white space, so that nobody is misquoted."""
        return " ".join(part.split()) in self.words
