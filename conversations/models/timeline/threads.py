"""Pages of a thread: its replies, and above them its first message if it fits."""

from dataclasses import dataclass

from chatsite.speed.keyset import MAX_PAGE_BYTES
from conversations.models.message.message import Message
from conversations.models.timeline.pages import MessagePage

PAGE_REPLIES = 50
MAX_REPLY_BYTES = MAX_PAGE_BYTES // 2  # of HTML: the page also shows the first message, and the conversation


@dataclass(frozen=True)
class ThreadPage:
    """A page of the replies to `first`; for readers who may not see that, `first` is the reply that they opened."""

    first: Message
    replies: MessagePage

    @property
    def shows_first(self) -> bool:
        return self.first.thread_id is None and self._reply_bytes + self.first.html_bytes <= MAX_PAGE_BYTES

    @property
    def html_bytes(self) -> int:
        return self._reply_bytes + (self.first.html_bytes if self.shows_first else 0)

    @property
    def _reply_bytes(self) -> int:
        return sum(reply.html_bytes for reply in self.replies.messages)
