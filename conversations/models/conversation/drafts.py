"""Drafts: words that a member has begun to write, on all their devices."""

from hashlib import md5
from typing import NamedTuple
from uuid import UUID

from django.db import transaction

from accounts.models import NotAllowed, User
from accounts.models.limits import take
from conversations.models.conversation.changing import DEACTIVATED, Changing
from conversations.models.message.message import Message

TAG_CHARACTERS = 16


class Draft(NamedTuple):
    """The words that somebody has begun, and the key that their message will have."""

    words: str = ""
    key: UUID | None = None

    @property
    def tag(self) -> str:
        """A digest by which a page recognises the draft it shows; '' without a draft."""
        text = f"{self.key} {self.words}"
        return md5(text.encode(), usedforsecurity=False).hexdigest()[:TAG_CHARACTERS] if self.words else ""


class Drafts(Changing):
    """Saving what somebody has begun to write."""

    class Meta:
        abstract = True

    def save_draft(self, by: User, words: str, client_key: UUID, replaced: str | None = None) -> Draft:
        """Save a draft of `by`, unless it was sent meanwhile under its `client_key`; return the one that is saved now.

        With the tag of the draft to be `replaced`, another one stays: it was written on another device.
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
            if row is None or is_other or self.was_sent(by, client_key):
                return now
            mine.update(draft=words, draft_key=client_key)
            return Draft(words, client_key)

    def was_sent(self, by: User, client_key: UUID) -> bool:
        return Message.objects.filter(conversation=self.pk, user=by, client_key=client_key).exists()
