"""The form field for several conversations."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from conversations.forms.picking import MAX_FOUND, MAX_OFFERED, PickerField
from conversations.models import Conversation
from conversations.models.conversation.lists import ConversationLists


class ConversationsField(PickerField):
    """Conversations, by number."""

    row_template = "conversation/_picked_conversation.html"

    def look_among(self, conversations: ConversationLists, suggested_by: str) -> None:
        """Offer `conversations`; `suggested_by` names the URL that suggests the same ones to scripts."""
        self.conversations = conversations
        self.look_in(reverse(suggested_by), str(_("Search by title")))

    def key_of(self, thing: Conversation) -> str:
        return str(thing.pk)

    def called(self, keys: Sequence[str]) -> list[Conversation]:
        return list(self.conversations.with_ids([int(key) for key in keys if key.isdecimal() and len(key) < 19]))

    def offered(self, words: Sequence[str]) -> list[Conversation]:
        return list(self.conversations.titled_like(words)[: MAX_FOUND if words else MAX_OFFERED])

    def unknown(self, keys: Sequence[str]) -> ValidationError:
        return ValidationError(_("One of these conversations is no longer here. Choose again."), code="unknown")
