"""Mentions: who was told by name that a message is for them."""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection, models
from django.db.models import Exists, F, FilteredRelation, OuterRef, Q
from django.utils import timezone

from accounts.models import User
from accounts.models.people import UserQuerySet, shown_name
from conversations.models.access import Kind, readers_of
from conversations.models.conversation.membership import Membership
from conversations.text import mentions

if TYPE_CHECKING:
    from conversations.models import Conversation, Message

PRESENT = timedelta(minutes=10)  # how lately somebody did something here whom @here tells
TELL = """
INSERT INTO mentions (user_id, message_id, conversation_id)
SELECT told.id, %s, %s FROM ({people}) told ON CONFLICT DO NOTHING
"""


def mentionable_names(conversation: "Conversation", content: str, author: User) -> frozenset[str]:
    """Find whom words can mention: those of the names in them whose people may see the conversation.

    And of whom `author` may know: a guest finds out nothing about others.
    """
    names = mentions.may_mention(content) - mentions.GROUPS
    if not names:
        return frozenset()
    return frozenset(readers_of(conversation, author).called(names).values_list("username", flat=True))


def notified_by(conversation: "Conversation", names: frozenset[str], author: User) -> UserQuerySet:
    """Query whom a message with these mentions tells: who may see it, but not its author.

    @all is every member and @here those who have done something lately; in a direct conversation both are all.
    """
    is_member = Q(Exists(Membership.objects.filter(conversation=conversation, user=OuterRef("pk"))))
    wanted = Q(username__in=names - mentions.GROUPS)
    if mentions.EVERYBODY in names or (mentions.PRESENT in names and conversation.kind == Kind.DIRECT):
        wanted |= is_member
    elif mentions.PRESENT in names:
        wanted |= is_member & Q(pk__in=User.objects.seen_since(timezone.now() - PRESENT).values("pk"))
    return readers_of(conversation, author).filter(wanted).other_than(author)


def mentionable(conversation: "Conversation", beginning: str, user: User) -> UserQuerySet:
    """Query whom `user` can mention, by the beginning of a name: members first. Adds `is_member` and `called`."""
    is_member = Exists(Membership.objects.filter(conversation=conversation, user=OuterRef("pk")))
    named = readers_of(conversation, user).other_than(user).annotate(is_member=is_member, called=shown_name())
    a_word = Q(called__istartswith=beginning) | Q(called__icontains=f" {beginning}")
    found = named.filter(Q(username__istartswith=beginning) | a_word)
    return found.order_by("-is_member", "called", "pk")


class MentionedMessages(models.QuerySet):
    """Messages, by whom they mention."""

    def mentioning(self, user: User) -> "MentionedMessages":
        """Keep the messages that mention `user`, the last mention first. Adds `mentioned_at` and `seen_at`."""
        own = FilteredRelation("mentions", condition=Q(mentions__user=user))
        found = self.annotate(own=own, mentioned_at=F("own__mentioned_at"), seen_at=F("own__seen_at"))
        found = found.filter(own__user=user)
        return found.select_related("conversation").order_by("-mentioned_at", "-pk")


class MentionQuerySet(models.QuerySet):
    """Mentions, and the verb that makes them."""

    def record(self, message: "Message") -> None:
        """Tell those whom a message mentions, each once, also where it is edited; within the change that wrote it."""
        if "@" not in message.content or not (names := mentions.shown_in(message.html)):
            return
        told = notified_by(message.conversation, names, message.user)
        people, values = told.values("id").query.sql_with_params()
        with connection.cursor() as cursor:
            cursor.execute(TELL.format(people=people), [message.pk, message.conversation_id, *values])


class Mention(models.Model):
    """One person told of one message, once, however often it is edited; `seen_at` is when they had read so far."""

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
