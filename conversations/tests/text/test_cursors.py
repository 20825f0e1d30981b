from datetime import UTC, datetime

import pytest

from conversations.text.cursors import BadCursor, Cursor


@pytest.mark.parametrize("year", [1, 1969, 2026, 9999])
def test_a_cursor_round_trips_to_the_microsecond(year):
    cursor = Cursor(datetime(year, 2, 3, 4, 5, 6, 789012, UTC), 2**63 - 1)
    assert Cursor.parse(str(cursor)) == cursor


@pytest.mark.parametrize(
    "word",
    ["", "x", "ä", "AAAA", "A" * 500, "/" * 22, "7" + "_" * 21, str(Cursor(datetime(2026, 1, 1, tzinfo=UTC), 7))[:-1]],
)
def test_malformed_cursors_are_refused(word):
    with pytest.raises(BadCursor):
        Cursor.parse(word)
