"""Pages of a thread: its replies, and above them its first message if it fits."""

from dataclasses import dataclass

from chatsite.speed.keyset import MAX_PAGE_BYTES
from conversations.models.message.message import Message
from conversations.models.timeline.pages import MessagePage

PAGE_REPLIES = 50
MAX_REPLY_BYTES = MAX_PAGE_BYTES // 2  # of HTML: the page also shows the first message, and the conversation


@dataclass(frozen=True)
class ThreadPage:
    """A page of the replies to `first`; for readers who may not see that, `first` is the reply that they opened.

    `reader` is the id of the person who looks; `first` was found with its extras for them.
    """

    first: Message
    replies: MessagePage
    reader: int

    @property
    def is_followed(self) -> bool:
        """Return whether the reader sees new replies in their list of threads."""
        return self.first.thread_read_at is not None

    @property
    def first_unread(self) -> int | None:
        """The id of the first reply here that the reader has not read."""
        read_at = self.first.thread_read_at
        unread = [reply.pk for reply in self.replies.messages if is_after(reply, read_at, self.reader)]
        return unread[0] if unread else None

    @property
    def last(self) -> Message | None:
        """The last reply here."""
        return self.replies.messages[-1] if self.replies.messages else None

    @property
    def shows_first(self) -> bool:
        return self.first.thread_id is None and self._reply_bytes + self.first.html_bytes <= MAX_PAGE_BYTES

    @property
    def html_bytes(self) -> int:
        return self._reply_bytes + (self.first.html_bytes if self.shows_first else 0)

    @property
    def _reply_bytes(self) -> int:
        return sum(reply.html_bytes for reply in self.replies.messages)


def is_after(reply: Message, read_at: float | None, reader: int) -> bool:
    """Return whether a reply of somebody else is after what `reader` has read; nothing is, if they do not follow."""
    return read_at is not None and reply.user_id != reader and reply.created_at.timestamp() > read_at
