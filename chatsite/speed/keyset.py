"""Keysets: pages of a list that cost the same however far back they are, and are bounded by rows and by bytes.

A page begins after a cursor: the place that the last row of the page before it has in the order of the list.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Self

from django.db import models

MAX_PAGE_BYTES = 1_000_000  # of the texts that one page carries


@dataclass(frozen=True)
class Page[Row, Place]:
    """Rows in the order of their list, and the cursor of the page after them, None on the last page."""

    rows: list[Row]
    next: Place | None


class Keyset(models.QuerySet):
    """A list that is read page by page, in the order of one unique column, whose values are the cursors.

    Subclasses say how many bytes a row adds to a page. Rows whose columns are all short need not say so: their number
    alone bounds a page.
    """

    bytes_of: Callable[[Any], int] = staticmethod(lambda row: 0)

    @property
    def order(self) -> tuple[str, ...]:
        """The columns by which the list is ordered, with a minus where from the last to the first."""
        return tuple(map(str, self.query.order_by))

    def page(self, after: Any, size: int, max_bytes: int = MAX_PAGE_BYTES) -> Page[Any, Any]:
        """Query the first `size` rows after a cursor, or fewer where they become too large together."""
        return self.beyond(after)[: size + 1].first_page(size, max_bytes)

    def beyond(self, cursor: Any) -> Self:
        """Keep the rows after `cursor` in the order of this list; None stands before the first."""
        if cursor is None:
            return self.all()
        [column] = self.order
        later = "lt" if column.startswith("-") else "gt"
        return self.filter(**{f"{column.removeprefix('-')}__{later}": cursor})

    def first_page(self, size: int, max_bytes: int = MAX_PAGE_BYTES) -> Page[Any, Any]:
        """Make a page of the rows of this query, which has asked for one more than `size` to know whether it ends."""
        found = list(self)
        rows = cut(found, size, max_bytes, self.bytes_of)
        return Page(rows, self.place_of(rows[-1]) if len(rows) < len(found) else None)

    def place_of(self, row: Any) -> Any:
        """Give the cursor that stands right after `row`."""
        [column] = self.order
        return getattr(row, column.removeprefix("-"))


def cut[Row](found: Sequence[Row], size: int, max_bytes: int, bytes_of: Callable[[Row], int]) -> list[Row]:
    """Take the first rows, `size` at most, as long as they do not become too large together; but always one."""
    rows: list[Row] = []
    taken = 0
    for row in found[:size]:
        taken += bytes_of(row)
        if taken > max_bytes and rows:
            break
        rows.append(row)
    return rows


def text_bytes(text: str) -> int:
    """Count the bytes of a text in UTF-8."""
    return len(text) if text.isascii() else len(text.encode())
