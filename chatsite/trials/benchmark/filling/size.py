"""The size of a workspace, given its number of messages, and the people whose pages are measured."""

from dataclasses import dataclass

# Their ids. The guest is in one small conversation and may see no other.
GUEST, USUAL, BUSY, CALM, ACTIVE = 1, 2, 3, 4, 5
CONVERSATIONS_OF = {GUEST: 1, USUAL: 200, BUSY: 5_000, CALM: 50, ACTIVE: 1_000}


@dataclass(frozen=True)
class Size:
    """The size of a workspace with this many messages."""

    messages: int

    @property
    def people(self) -> int:
        return max(100, self.messages // 500)

    @property
    def conversations(self) -> int:
        """The number of conversations: from 50,000 messages on enough for all people above except the busiest."""
        return max(250, min(CONVERSATIONS_OF[ACTIVE], self.messages // 50), self.messages // 200)

    def conversations_of(self, person: int) -> int:
        return min(CONVERSATIONS_OF[person], self.conversations)
