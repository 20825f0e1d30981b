"""Typing: who is writing right now. It is announced and not stored; after a few seconds it has expired."""

from accounts.models import User
from accounts.models.limits import take
from conversations.models.announcing import announce
from conversations.models.conversation.changing import Changing


class Typing(Changing):
    """Announcing that somebody types."""

    class Meta:
        abstract = True

    def announce_typing(self, by: User) -> None:
        """Announce to the members that `by` is typing here; raise NotAllowed."""
        take("type", by)
        self.allow_writing(by)
        announce("typing", self.pk, by.pk)
