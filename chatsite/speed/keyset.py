"""Keysets: pages of a list that cost the same however far back they are, bounded by rows and by bytes.

A page begins after a cursor: the position of the previous page's last row in the order of the list.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Self

from django.db import models

MAX_PAGE_BYTES = 240_000  # of the HTML of all rows; with everything around them a page has less than 300 kB


@dataclass(frozen=True)
class Page[Row, Position]:
    """Rows in the order of their list, and the cursor of the next page, None on the last page."""

    rows: list[Row]
    next: Position | None


class Keyset(models.QuerySet):
    """A list that is read page by page, in the order of one unique column, whose values are the cursors.

    Subclasses define how many bytes a row adds to a page. Lists with only short columns need not: the number of rows
    alone bounds their pages.
    """

    bytes_of: Callable[[Any], int] = staticmethod(lambda row: 0)

    @property
    def order(self) -> tuple[str, ...]:
        """The columns by which the list is ordered, with a minus for descending order."""
        return tuple(map(str, self.query.order_by))

    def page(self, after: Any, size: int, max_bytes: int = MAX_PAGE_BYTES, min_rows: int = 1) -> Page[Any, Any]:
        """Query the first `size` rows after a cursor, or fewer if together they exceed `max_bytes`."""
        return self.beyond(after)[: size + 1].first_page(size, max_bytes, min_rows, after)

    def beyond(self, cursor: Any) -> Self:
        """Return the rows after `cursor` in the order of this list; None is before the first."""
        if cursor is None:
            return self.all()
        [column] = self.order
        later = "lt" if column.startswith("-") else "gt"
        return self.filter(**{f"{column.removeprefix('-')}__{later}": cursor})

    def first_page(
        self, size: int, max_bytes: int = MAX_PAGE_BYTES, min_rows: int = 1, after: Any = None
    ) -> Page[Any, Any]:
        """Make a page from this query, which must fetch one row more than `size` to show whether the list ends.

        It has at least `min_rows` rows, however large they are. `after` is the cursor at which the query begins; the
        next page begins there as well if not even one row fits.
        """
        found = list(self)
        rows = cut(found, size, max_bytes, self.bytes_of, min_rows)
        if len(rows) == len(found):
            return Page(rows, None)
        return Page(rows, self.cursor_after(rows[-1]) if rows else after)

    def cursor_after(self, row: Any) -> Any:
        """Return the cursor right after `row`."""
        [column] = self.order
        return attrgetter(column.removeprefix("-").replace("__", "."))(row)


def cut[Row](
    found: Sequence[Row], size: int, max_bytes: int, bytes_of: Callable[[Row], int], min_rows: int = 1
) -> list[Row]:
    """Return the first rows, at most `size` with `max_bytes` together, but at least `min_rows`."""
    rows: list[Row] = []
    taken = 0
    for row in found[:size]:
        taken += bytes_of(row)
        if taken > max_bytes and len(rows) >= min_rows:
            break
        rows.append(row)
    return rows


def text_bytes(text: str) -> int:
    """Count the bytes of a text in UTF-8."""
    return len(text) if text.isascii() else len(text.encode())
