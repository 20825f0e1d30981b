"""Drafts: unsent text of a member, available on all their devices."""

from uuid import UUID

from django.db import transaction

from accounts.models import NotAllowed, User
from accounts.models.limits import take
from conversations.models.conversation.changing import DEACTIVATED, Changing
from conversations.models.message.message import Message
from conversations.text.drafts import Draft


class Drafts(Changing):
    """Saving drafts."""

    class Meta:
        abstract = True

    def save_draft(self, by: User, words: str, client_key: UUID, replaced: str | None = None) -> Draft:
        """Save a draft of `by`, unless it was sent meanwhile under its `client_key`; return the one that is saved now.

        With the tag of the draft to be `replaced`, any other draft stays, as it was written on another device.
        """
        take("change", by)
        if not by.is_active:
            raise NotAllowed(DEACTIVATED)
        mine = self.memberships.filter(user=by)
        with transaction.atomic():
            # The lock first: a statement that waits for a send to commit would not see its message.
            row = mine.select_for_update().values_list("draft", "draft_key").first()
            now = Draft(*row) if row else Draft()
            is_other = replaced not in (None, now.tag) and now.words != words
            if row is None or is_other or self._was_sent(by, client_key):
                return now
            mine.update(draft=words, draft_key=client_key)
            return Draft(words, client_key)

    def discard_draft(self, by: User) -> None:
        """Delete the draft of `by`."""
        take("change", by)
        if not by.is_active:
            raise NotAllowed(DEACTIVATED)
        self.memberships.filter(user=by).update(draft="", draft_key=None)

    def _was_sent(self, by: User, client_key: UUID) -> bool:
        return Message.objects.filter(conversation=self.pk, user=by, client_key=client_key).exists()
