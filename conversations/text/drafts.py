"""Drafts: unsent text, and how a page recognises the one it shows."""

from hashlib import md5
from typing import NamedTuple
from uuid import UUID

TAG_CHARACTERS = 16


class Draft(NamedTuple):
    """Unsent text, and the key that its message will have."""

    words: str = ""
    key: UUID | None = None

    @property
    def tag(self) -> str:
        """A digest by which a page recognises the draft it shows; '' without a draft."""
        text = f"{self.key} {self.words}"
        return md5(text.encode(), usedforsecurity=False).hexdigest()[:TAG_CHARACTERS] if self.words else ""
