"""The change feed: the messages of a conversation that changed since a cursor, a revision that a client knows.

There is no log of changes. Each message holds the revision of its last change, so a client has missed the messages
with a later revision, in their present state: an index scan that costs as much as was missed.
"""

import operator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from conversations.models.conversation.conversation import Conversation
from conversations.models.message.extras import seen_since
from conversations.models.message.message import Message, MessageQuerySet

CHANGES_PAGE = 100
MAX_CHANGES_BYTES = 300_000  # of HTML


class CursorTooOld(Exception):
    """Clients with this cursor must reload; `revision` is the present one."""

    def __init__(self, revision: int) -> None:
        super().__init__(revision)
        self.revision = revision


@dataclass(frozen=True)
class Changes:
    """The messages changed after the cursor `since` up to `revision`, in that order, each once, including deleted ones.

    Where `is_complete` is False, there are more of them after `revision`.
    """

    conversation: Conversation
    messages: list[Message]
    since: int
    revision: int
    is_complete: bool

    def seen_since(self, moment: datetime) -> Self:
        """Return the changes that a person whose history begins at `moment` sees; `self` if that is all."""
        seen = seen_since(self.messages, moment)
        is_all = len(seen) == len(self.messages) and all(map(operator.is_, seen, self.messages))
        return self if is_all else replace(self, messages=seen)


def changes_since(
    conversation: Conversation,
    messages: MessageQuerySet,
    cursor: int,
    until: int | None = None,
    size: int = CHANGES_PAGE,
) -> Changes:
    """Query one page of the changes of `messages` after `cursor`, and not after `until`; raises CursorTooOld.

    `conversation` must have just been queried. Its revision is read before the messages, and revisions are assigned
    under the lock of its row, so there will be no more changes below the returned revision.
    """
    if not conversation.oldest_cursor <= cursor <= conversation.revision:
        raise CursorTooOld(conversation.revision)
    if cursor == conversation.revision:
        return Changes(conversation, [], cursor, cursor, is_complete=True)
    page = touched(messages, until).page(cursor, size, MAX_CHANGES_BYTES)
    last = max((message.revision for message in page.rows), default=cursor)
    if page.next:
        return Changes(conversation, page.rows, cursor, last, is_complete=False)
    known = conversation.revision if until is None else until
    return Changes(conversation, page.rows, cursor, max(known, last), is_complete=True)


def touched(messages: MessageQuerySet, until: int | None) -> MessageQuerySet:
    """Query the messages whose last change is not after `until`, in the order of changes."""
    found = messages.with_extras().order_by("revision")
    return found if until is None else found.filter(revision__lte=until)
