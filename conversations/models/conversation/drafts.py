"""Drafts: unsent text of a member, available on all their devices."""

from uuid import UUID

from django.db import transaction

from accounts.models import NotAllowed, User
from accounts.models.limits import take
from conversations.models.conversation.changing import DEACTIVATED, Changing
from conversations.models.message.message import Message


class Drafts(Changing):
    """Saving drafts."""

    class Meta:
        abstract = True

    def save_draft(self, by: User, words: str, client_key: UUID) -> bool:
        """Save the draft of `by`, unless it was sent meanwhile under its `client_key`; return whether it was saved."""
        take("change", by)
        if not by.is_active:
            raise NotAllowed(DEACTIVATED)
        mine = self.memberships.filter(user=by)
        with transaction.atomic():
            # The lock first: a statement that waits for a send to commit would not see its message.
            if not mine.select_for_update().exists():
                return False
            if Message.objects.filter(conversation=self.pk, user=by, client_key=client_key).exists():
                return False
            return bool(mine.update(draft=words, draft_key=client_key))
