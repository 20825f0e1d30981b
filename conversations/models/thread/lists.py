"""Lists of threads: how many are unread, for every page, and their last replies, for the page that lists them."""

from collections.abc import Sequence
from dataclasses import dataclass

from accounts.models import User
from chatsite.speed.keyset import MAX_PAGE_BYTES, Page
from chatsite.speed.prepared import Prepared
from conversations.models.conversation.conversation import Conversation
from conversations.models.counting import CAP
from conversations.models.message.message import Message
from conversations.text.cursors import Cursor

PAGE_THREADS = 10
MAX_FIRST_BYTES = MAX_PAGE_BYTES // 2  # of HTML: the other half is for replies


@dataclass(frozen=True)
class ListedThread:
    """The first message of a thread, its last replies, oldest first, and its conversation as the reader sees it."""

    first: Message
    replies: list[Message]
    conversation: Conversation

    @property
    def last(self) -> Message | None:
        return self.replies[-1] if self.replies else None


def followed_threads(reader: User, after: Cursor | None) -> Page[ListedThread, Cursor]:
    """Find a page of the threads that `reader` follows and may see: the unread ones first, then by their last reply."""
    visible = Message.objects.including_deleted_visible_to(reader)
    page = visible.followed_by(reader).with_extras().page(after, PAGE_THREADS, MAX_FIRST_BYTES)
    return Page(with_replies(page.rows, reader), page.next)


def with_replies(firsts: Sequence[Message], reader: User) -> list[ListedThread]:
    """Find the last replies of these threads, as far as there is room for them."""
    ids = [pk for first in firsts for pk in first.last_reply_ids]
    found = {reply.pk: reply for reply in Message.objects.visible_to(reader).with_ids(ids).with_extras()}
    there = Conversation.objects.as_seen_by(reader).with_ids({first.conversation_id for first in firsts})
    conversations = {conversation.pk: conversation for conversation in there}
    room, listed = MAX_FIRST_BYTES, []
    for first in firsts:
        replies: list[Message] = []
        for reply in filter(None, map(found.get, first.last_reply_ids)):
            room -= reply.html_bytes
            if room >= 0:
                replies.insert(0, reply)
        listed.append(ListedThread(first, replies, conversations[first.conversation_id]))
    return listed


def unread_threads(reader: User) -> int:
    """Count the followed threads with unread replies that `reader` may see, but at most CAP."""
    return len(list(UNREAD(user=reader.pk)))


UNREAD = Prepared(lambda user: Message.objects.unread_by(User(pk=user)).only("pk")[:CAP], user=-1)
