"""Notices of the last seconds. Streams that reconnect get them: all tabs share one, which each new page restarts."""

from collections import deque
from collections.abc import Collection
from time import monotonic

STORE_SECONDS = 4  # shorter than pages remember what they have shown


class Notices:
    """The notices of the last seconds, the oldest first."""

    def __init__(self) -> None:
        self.recent: deque[tuple[float, Collection[int], bytes]] = deque()

    def add(self, users: Collection[int], event: bytes) -> None:
        self.forget()
        self.recent.append((monotonic(), users, event))

    def of(self, user: int) -> list[bytes]:
        self.forget()
        return [event for _time, users, event in self.recent if user in users]

    def forget(self) -> None:
        while self.recent and self.recent[0][0] < monotonic() - STORE_SECONDS:
            self.recent.popleft()
