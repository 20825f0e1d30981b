"""Cursors: positions in a list that is ordered by (time, id), written as words for URLs."""

import base64
import binascii
import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
LAYOUT = ">qQ"  # microseconds since EPOCH, id


class BadCursor(ValueError):
    """The word is not a cursor."""


@dataclass(frozen=True)
class Cursor:
    """A position: `time` to the microsecond, as in PostgreSQL, and the `id` that orders rows of the same time."""

    time: datetime
    id: int

    def __str__(self) -> str:
        packed = struct.pack(LAYOUT, (self.time - EPOCH) // MICROSECOND, self.id)
        return base64.urlsafe_b64encode(packed).decode().rstrip("=")

    @classmethod
    def parse(cls, word: str) -> "Cursor":
        """Read a cursor from a URL; raise BadCursor for any other word."""
        try:
            packed = base64.b64decode(word + "=" * (-len(word) % 4), altchars=b"-_", validate=True)
            microseconds, row_id = struct.unpack(LAYOUT, packed)
            cursor = cls(EPOCH + microseconds * MICROSECOND, row_id)
        except (ValueError, binascii.Error, struct.error, OverflowError) as error:
            raise BadCursor(word) from error
        if str(cursor) != word:  # base64 has several words for the same bytes
            raise BadCursor(word)
        return cursor
