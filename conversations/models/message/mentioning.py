"""Find the people whom a message mentions, and notify them."""

from datetime import datetime, timedelta

from django.db.models import Case, Exists, OuterRef, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.models.people import UserQuerySet, shown_name
from conversations.models.access import Kind, readers_of
from conversations.models.conversation.membership import Membership
from conversations.models.group_call import GroupCall
from conversations.models.message.fields import MessageFields, RefusedText
from conversations.models.message.mention import Mention, Reason
from conversations.text import markdown, mentions
from conversations.text.markdown import Rendered

MAX_NOTIFIED = 200  # people, by @all or @here from somebody who does not own the conversation
PRESENT_PERIOD = timedelta(minutes=10)  # since a person's last request, for @here to notify them


class TooManyNotified(RefusedText):
    """The message would notify more people than its author may notify at once."""


class Mentioning(MessageFields):
    """A message that may name people."""

    # The names that rendering found in the text, until the people are recorded as mentions.
    mentioned_names: frozenset[str] = frozenset()
    # Whether it calls more people than MAX_NOTIFIED, as `allow_notifying` found.
    calls_crowd = False

    class Meta:
        abstract = True

    def render(self, text: str, by: User) -> Rendered:
        """Render text as HTML that mentions the people here whom `by` may know of."""
        return markdown.render(text, self.names_in(text, by)) if text else Rendered("")

    def take_over(self, rendered: Rendered) -> None:
        """Store the HTML of the text, and what the renderer found in it."""
        self.html, self.mentioned_names = rendered.html, rendered.mentions
        self.has_link, self.has_code = rendered.has_link, rendered.has_code
        self.plain_text = plain_text(self.content, rendered)

    def names_in(self, text: str, by: User) -> frozenset[str]:
        """Find the user names in a text that belong to readers of the conversation whom `by` may know of."""
        names = mentions.may_mention(text) - mentions.GROUPS
        if not names:
            return frozenset()
        readers = readers_of(self.conversation_id, self.conversation.kind, by)
        return frozenset(readers.called(names).values_list("username", flat=True))

    def notified(self, by: User) -> UserQuerySet | None:
        """Query the people whom this message of `by` notifies; None where it mentions nobody."""
        if not self.mentioned_names:
            return None
        return notified_by(
            self.conversation_id, self.conversation.kind, self.mentioned_names, by, self.created_at if self.pk else None
        )

    def added_groups(self, rendered: Rendered) -> frozenset[str]:
        """Return the groups that another text of the message mentions, and its present one does not."""
        groups = rendered.mentions & mentions.GROUPS
        return groups - markdown.render(self.content).mentions if groups else groups

    def allow_notifying(self, by: User, names: frozenset[str]) -> None:
        """Raise TooManyNotified if these mentions notify more people than `by` may notify at once.

        Owners of the conversation may notify all of it, and so may owners and admins of the workspace who are in it.
        """
        is_to_group = not names.isdisjoint(mentions.GROUPS)
        self.calls_crowd = is_to_group and self.conversation.has_more_members_than(MAX_NOTIFIED)
        if not self.calls_crowd and len(names) <= MAX_NOTIFIED:
            return
        mine = self.conversation.memberships.of(by)
        if not (mine.exists() if by.is_staff else mine.owners().exists()):
            words = _("Only owners can notify more than %(most)d people at once.")
            raise TooManyNotified(words % {"most": MAX_NOTIFIED})

    def record_mentions(self, by: User, *, added_groups: frozenset[str] | None = None) -> None:
        """Notify the mentioned people, each once however often it is edited; within the change that wrote it.

        An edit calls only the groups that it adds: those who joined later are not called by an earlier text.
        """
        names, is_edit = self.mentioned_names, added_groups is not None
        if added_groups is not None:
            names -= mentions.GROUPS - added_groups
        if self.is_group_call(names, is_edit):
            GroupCall.objects.record(self.pk, is_edit=is_edit)
            names -= mentions.GROUPS
        if not names:
            return
        people = notified_by(self.conversation_id, self.conversation.kind, names, by, self.created_at)
        by_name = When(username__in=names - mentions.GROUPS, then=Value(Reason.MENTION))
        people = people.annotate(reason=Case(by_name, default=Value(Reason.CALL)))
        Mention.objects.record(self.pk, self.conversation_id, people, is_edit=is_edit)

    def is_group_call(self, names: frozenset[str], is_edit: bool) -> bool:
        """Return whether the message calls everyone by one row, or did so before an edit: nobody is called twice.

        A reply that is only in its thread does not, as it is read there.
        """
        if not self.in_conversation or names.isdisjoint(mentions.GROUPS):
            return False
        if self.calls_crowd and mentions.EVERYBODY in names:
            return True
        return is_edit and GroupCall.objects.filter(message=self.pk).exists()


def plain_text(content: str, rendered: Rendered) -> str | None:
    """Return the words of a message for `plain_text`, None if they are those of its content."""
    return rendered.words if rendered.words != markdown.in_one_line(content) else None


def notified_by(
    conversation_id: int, kind: str, names: frozenset[str], by: User, posted_at: datetime | None = None
) -> UserQuerySet:
    """Query the people whom these mentions by somebody notify: readers of the conversation, but not the author.

    With `posted_at`, only those who see a message of that time.
    @all is every member and @here those who were active lately; in a direct conversation both mean everyone.
    """
    is_member = Q(membership_in(conversation_id))
    mentioned = Q(username__in=names - mentions.GROUPS)
    if mentions.EVERYBODY in names or (mentions.PRESENT in names and kind == Kind.DIRECT):
        mentioned |= is_member
    elif mentions.PRESENT in names:
        mentioned |= is_member & Q(pk__in=User.objects.seen_since(timezone.now() - PRESENT_PERIOD).values("pk"))
    return readers_of(conversation_id, kind, by, posted_at).filter(mentioned).other_than(by)


def mentionable(conversation_id: int, kind: str, beginning: str, by: User) -> UserQuerySet:
    """Query the people whom `by` can mention, by the beginning of a name: members first.

    Adds `is_member` and `called`.
    """
    readers = readers_of(conversation_id, kind, by).other_than(by)
    found = named(readers.annotate(is_member=membership_in(conversation_id)), beginning)
    return found.order_by("-is_member", "called", "pk")


def addable(outside: UserQuerySet, conversation_id: int, kind: str, beginning: str) -> UserQuerySet:
    """Query those of the people outside who can't read the conversation, by the beginning of a name."""
    readers = readers_of(conversation_id, kind).values("pk")
    found = named(outside.exclude(pk__in=readers), beginning)
    return found.annotate(is_member=Value(False)).order_by("called", "pk")


def named(people: UserQuerySet, beginning: str) -> UserQuerySet:
    """Select people by the beginning of a word of their name or of their user name; adds `called`."""
    is_word_of_name = Q(called__folded__startswith=beginning) | Q(called__folded__contains=f" {beginning}")
    return people.annotate(called=shown_name()).filter(Q(username__folded__startswith=beginning) | is_word_of_name)


def membership_in(conversation_id: int) -> Exists:
    return Exists(Membership.objects.filter(conversation=conversation_id, user=OuterRef("pk")))
