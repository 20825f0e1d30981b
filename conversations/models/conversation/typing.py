"""Typing: who is writing right now. It is announced, not stored, and expires after a few seconds."""

from accounts.models import User
from accounts.models.limits import take
from conversations.models.announcing import announce
from conversations.models.conversation.changing import Changing


class Typing(Changing):
    """Announcing typing."""

    class Meta:
        abstract = True

    def announce_typing(self, by: User) -> None:
        """Announce to the members that `by` is typing here; raise NotAllowed."""
        take("type", by)
        self.allow_writing(by)
        announce("typing", self.pk, by.pk)
