"""Overwriting parts of a file with zeros, so that everything else stays where it was."""

from typing import Literal

ByteOrder = Literal["big", "little"]
MAX_PARTS = 200_000  # more than a video of the size that people may send has


class Malformed(Exception):
    """A file is not what its first bytes promise."""


class Eraser:
    """The content of a file, parts of which are overwritten; gives up on files made to keep it busy."""

    def __init__(self, content: bytearray) -> None:
        self.content = content
        self.parts = 0
        self.bytes_left = 4 * len(content)

    def count(self) -> None:
        """Count a part of the file that was looked at; raise Malformed after too many."""
        self.parts += 1
        if self.parts > MAX_PARTS:
            raise Malformed

    def erase(self, start: int, end: int) -> None:
        """Overwrite the bytes from `start` to `end`, as far as the file has them; raise Malformed after too many."""
        start, end = max(0, start), min(end, len(self.content))
        if start < end:
            self.bytes_left -= end - start
            if self.bytes_left < 0:
                raise Malformed
            self.content[start:end] = bytes(end - start)

    def number(self, at: int, size: int, order: ByteOrder = "big") -> int:
        """Read an unsigned number of `size` bytes; raise Malformed beyond the end."""
        if at < 0 or at + size > len(self.content):
            raise Malformed
        return int.from_bytes(self.content[at : at + size], order)
