"""Following a thread: its verbs, on the first message."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import NotAllowed, User, limits
from conversations.models.announcing import announce
from conversations.models.counting import capped
from conversations.models.message.fields import MessageFields
from conversations.models.thread import follower
from conversations.models.thread.follower import ThreadFollower


class Followable(MessageFields):
    """The first message of a thread, which people follow and read."""

    # What `with_extras` finds of the thread that begins here: {count, last_at, last_by, people}, with `count` as
    # CappedCount and people as [id, username, display_name, picture_digest]; and up to when the reader has read it, if
    # they follow it. Times are in seconds since 1970.
    thread_summary: dict[str, Any] | None = None
    thread_read_at: float | None = None
    # The last replies, and whether one is unread, as `followed_by` adds them.
    last_reply_ids: Sequence[int] = ()
    is_unread = False

    class Meta:
        abstract = True

    @property
    def reply_count(self) -> int:
        """How many replies there are, as `with_extras` counted."""
        return self.thread_summary["count"] if self.thread_summary else 0

    @property
    def reply_count_label(self) -> str:
        return capped(self.reply_count)

    @property
    def first_id(self) -> int:
        """The id of the first message of the thread: this message, unless it is a reply."""
        return self.thread_id or self.pk

    def follow_thread(self, by: User) -> None:
        """Show `by` the replies that are new from now on; raises NotAllowed and LimitReached."""
        self._change_following(by, muted=False)

    def mute_thread(self, by: User) -> None:
        """Show `by` no new replies, even if they reply or are mentioned; raises NotAllowed and LimitReached."""
        self._change_following(by, muted=True)

    def mark_thread_read(self, by: User, reply: "MessageFields") -> bool:
        """Move the read marker of `by` in this thread up to `reply`, never back; return whether anything changed.

        Mentions in the thread count as seen with it, also those of people who do not follow it.
        """
        self._allow_reading(by)
        values = {"user": by.pk, "thread": self.first_id, "moment": reply.created_at}
        with transaction.atomic():
            moved = follower.run(follower.READ, **values)
            if moved:
                follower.run(follower.FIND_UNREAD, **values)
            changed = bool(follower.run(follower.SEE, **values) or moved)
            if changed:
                announce("read", self.conversation_id, by.pk)
        return changed

    def mark_thread_unread(self, by: User, reply: "MessageFields") -> None:
        """Move the read marker of `by` in this thread back to right before `reply`, and follow the thread."""
        self._allow_reading(by)
        values = {"user": by.pk, "thread": self.first_id, "moment": reply.created_at}
        with transaction.atomic():
            ThreadFollower.objects.get_or_create(user=by, message_id=self.first_id)
            follower.run(follower.UNREAD, **values)
            follower.run(follower.UNSEE, **values)
            announce("read", self.conversation_id, by.pk)

    def _change_following(self, by: User, *, muted: bool) -> None:
        self._allow_reading(by)
        # With extras, among which `with_extras` finds that the reader follows it.
        self.conversation.messages.filter(pk=self.first_id, has_extras=False).update(has_extras=True)
        row = ThreadFollower(user=by, message_id=self.first_id, muted=muted)
        ThreadFollower.objects.bulk_create(
            [row], update_conflicts=True, update_fields=["muted"], unique_fields=["user", "message"]
        )
        announce("read", self.conversation_id, by.pk)

    def _allow_reading(self, by: User) -> None:
        limits.take("change", by)
        seen = self.conversation.messages.including_deleted_visible_to(by)
        if not by.is_active or not seen.filter(pk=self.pk, is_system=False).exists():
            raise NotAllowed(_("This message no longer exists."))
