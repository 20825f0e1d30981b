"""A conversation in a list: its counts, and the beginning of its newest message."""

import json
from typing import Any

from accounts.models import User
from conversations.models.conversation.changing import Changing
from conversations.models.conversation.membership import COUNTS_ALL
from conversations.models.counting import capped
from conversations.models.event.wording import sentence
from conversations.models.message.message import PAGE_MESSAGES
from conversations.text import markdown


class InboxEntry(Changing):
    """What an inbox entry shows besides the name of the conversation."""

    # Added by `with_preview`, `with_face`, `sidebar_of`, `with_unread` or `with_what_counts`, `with_first_unread`, and
    # `with_member_count`.
    newest: str | None = None
    face: list[str] | None = None
    has_draft: bool = False
    notify: str | None
    unread: int
    first_unread_id: int | None
    mention_count: int
    member_count: int
    member_cap: int
    # The other person in a direct conversation of two, set by the quick switcher.
    partner: User | None = None

    class Meta:
        abstract = True

    @property
    def unread_label(self) -> str:
        """How many messages are unread, as `inbox_of` or `with_unread` counted; '' for none, or if neither was used."""
        return capped(self.unread) if getattr(self, "unread", 0) else ""

    @property
    def opens_at(self) -> str:
        """The end of the address that opens the first unread message, which may be on an earlier page than the last.

        Where only mentions count, nobody knows how many messages are unread.
        """
        if not self.unread:
            return ""
        return "#new" if self.unread <= PAGE_MESSAGES and self.notify in COUNTS_ALL else "?unread"

    @property
    def member_count_label(self) -> str:
        """How many members there are, as `with_member_count` counted."""
        return capped(self.member_count, self.member_cap)

    @property
    def preview(self) -> dict[str, Any] | None:
        """The newest message as {beginning, user, sender, is_system, happened} if `with_preview` found one."""
        return json.loads(self.newest) if self.newest else None

    @property
    def preview_words(self) -> str:
        """The newest message in one line without markup."""
        newest = self.preview
        if newest and newest["happened"]:
            return sentence(newest["happened"])
        return markdown.in_one_line(**newest["beginning"]) if newest else ""
