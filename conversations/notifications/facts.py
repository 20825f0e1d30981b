"""What decides about notifications, read from the database now: for many people in a few statements."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from django.db import connection
from django.db.models import F

from accounts.models import User, Workspace
from accounts.models.signed_in import signed_in_people
from conversations.models import Conversation
from conversations.models.access import visible_pairs
from conversations.notifications.models import NotificationSettings, Reason

READ = """
SELECT asked.user_id, asked.message_id, asked.reason, messages.conversation_id, messages.user_id, messages.created_at,
    messages.deleted_at, messages.edited_at IS NOT NULL, messages.html, messages.content, messages.reply_to_id,
    messages.thread_id, messages.in_conversation, conversations.kind = 'direct', earlier.user_id,
    members.notify, members.notify_since, members.last_read_at, mentions.message_id IS NOT NULL, mentions.seen_at,
    called_at, followers.last_read_at, followers.message_id IS NOT NULL, coalesce(followers.muted, false), others
FROM unnest(%(users)s::bigint[], %(messages)s::bigint[], %(reasons)s::text[], %(others)s::text[])
    AS asked (user_id, message_id, reason, others)
JOIN messages ON messages.id = asked.message_id
JOIN conversations ON conversations.id = messages.conversation_id
LEFT JOIN messages AS earlier ON earlier.id = messages.reply_to_id
LEFT JOIN conversation_members AS members
    ON members.conversation_id = messages.conversation_id AND members.user_id = asked.user_id
LEFT JOIN mentions ON mentions.user_id = asked.user_id AND mentions.message_id = asked.message_id
LEFT JOIN group_calls ON group_calls.message_id = asked.message_id
LEFT JOIN thread_followers AS followers
    ON followers.user_id = asked.user_id AND followers.message_id = coalesce(messages.thread_id, messages.id)
ORDER BY messages.created_at, messages.id
"""


@dataclass(frozen=True)
class Asked:
    """A question: what becomes of the notification of this person of this message?"""

    user: int
    message: int
    reason: str
    others: Sequence[str] = ()  # weaker reasons


@dataclass(frozen=True)
class Facts:
    """All that decides about one notification."""

    user: int
    message: int
    reason: str
    conversation: int
    author: int | None
    created_at: datetime
    deleted_at: datetime | None
    was_edited: bool
    html: str | None
    content: str
    reply_to: int | None
    thread: int | None
    in_conversation: bool
    is_direct: bool
    replied_to: int | None  # the author of the message that it replies to
    level: str | None  # None for those who are no members
    level_since: datetime | None
    read_to: datetime | None
    is_mentioned: bool
    seen_at: datetime | None
    called_at: datetime | None
    thread_read_to: datetime | None
    follows_thread: bool
    is_thread_muted: bool
    others: str  # weaker reasons, in one word each
    person: User
    settings: NotificationSettings
    workspace: Workspace
    is_visible: bool
    is_address_confirmed: bool

    @property
    def reasons(self) -> list[str]:
        """All reasons to notify them, the strongest first."""
        return [self.reason, *self.others.split()]

    @property
    def is_read(self) -> bool:
        """Whether they have read the message: a mention of its own counts, as an edit may add it behind the marker."""
        if self.is_mentioned:
            return self.seen_at is not None
        if self.called_at and self.reason == Reason.CALL:
            return self.read_to is not None and self.read_to >= self.called_at
        markers = [self.read_to] if self.in_conversation else []
        markers += [self.thread_read_to] if self.thread else []
        return any(marker is not None and marker >= self.created_at for marker in markers)


def read_facts(asked: Iterable[Asked]) -> list[Facts]:
    """Read the facts about notifications, in the order of the messages; those of purged messages are left out."""
    rows = read_rows(list(asked))
    if not rows:
        return []
    users = {row[0] for row in rows}
    people = signed_in_people().in_bulk(users)
    settings = NotificationSettings.objects.of_all(users)
    workspace = Workspace.objects.current()
    confirmed = read_confirmed(users) if users else set()
    allowed = visible_pairs(Conversation.objects.all(), {(row[0], row[3]) for row in rows})
    return [
        Facts(*[*row, people[row[0]], settings[row[0]], workspace, sees(allowed, row), row[0] in confirmed])
        for row in rows
    ]


def read_confirmed(users: Collection[int]) -> set[int]:
    """Find those of these people who have confirmed their e-mail address."""
    own = EmailAddress.objects.filter(user__in=users, verified=True, email=F("user__email"))
    return set(own.values_list("user", flat=True))


def read_rows(asked: Collection[Asked]) -> list[Any]:
    with connection.cursor() as cursor:
        values: dict[str, Any] = {
            "users": [each.user for each in asked],
            "messages": [each.message for each in asked],
            "reasons": [each.reason for each in asked],
            "others": [" ".join(each.others) for each in asked],
        }
        cursor.execute(READ, values)
        return cursor.fetchall()


def sees(allowed: dict[tuple[int, int], datetime | None], row: Any) -> bool:
    """Return whether somebody may see a message, by what `visible_pairs` found."""
    user, conversation, created_at = row[0], row[3], row[5]
    if (user, conversation) not in allowed:
        return False
    since = allowed[user, conversation]
    return since is None or since <= created_at
