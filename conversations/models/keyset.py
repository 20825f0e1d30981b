"""Lists ordered by (time, id), page by page: their cursors are strings for URLs."""

from typing import Any, Self

from chatsite.speed.keyset import Keyset
from conversations.text.cursors import Cursor


class TimeKeyset(Keyset):
    """A list by the time of something that happened to its rows, then by their ids, or by one unique column."""

    def beyond(self, cursor: Any) -> Self:
        if not isinstance(cursor, Cursor):
            return super().beyond(cursor)
        time, row_id = (column.removeprefix("-") for column in self.order)
        later, passed = ("lte", "gte") if self.order[0].startswith("-") else ("gte", "lte")
        # Not `Q(…) | Q(…)`: PostgreSQL would read all rows between the first and the cursor.
        found = self.filter(**{f"{time}__{later}": cursor.time})
        return found.exclude(**{time: cursor.time, f"{row_id}__{passed}": cursor.id})

    def cursor_after(self, row: Any) -> Any:
        if len(self.order) == 1:
            return super().cursor_after(row)
        return Cursor(*(getattr(row, column.removeprefix("-")) for column in self.order))
