"""A conversation in a list: its counts, and the beginning of its newest message."""

import json
from typing import Any

from conversations.models.conversation.changing import Changing
from conversations.models.counting import capped
from conversations.models.event.wording import sentence
from conversations.text import markdown


class InboxEntry(Changing):
    """What an inbox entry shows besides the name of the conversation."""

    # Added by `with_preview`, `with_unread` or `with_what_counts`, and `with_member_count`.
    newest: str | None
    unread: int
    mention_count: int
    member_count: int

    class Meta:
        abstract = True

    @property
    def unread_label(self) -> str:
        """How many messages are unread, as `inbox_of` or `with_unread` counted; '' for none, or if neither was used."""
        return capped(self.unread) if getattr(self, "unread", 0) else ""

    @property
    def member_count_label(self) -> str:
        """How many members there are, as `with_member_count` counted."""
        return capped(self.member_count)

    @property
    def preview(self) -> dict[str, Any] | None:
        """The newest message as {beginning, sender, is_system, happened} if `with_preview` found one."""
        return json.loads(self.newest) if self.newest else None

    @property
    def preview_words(self) -> str:
        """The newest message in one line without markup."""
        newest = self.preview
        if newest and newest["happened"]:
            return sentence(newest["happened"])
        return markdown.in_one_line(**newest["beginning"]) if newest else ""
