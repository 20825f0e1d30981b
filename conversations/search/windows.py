"""Windows of time: find the newest hits at a cost that does not grow with the number of all messages.

PostgreSQL could walk from the newest message to the oldest until a page is full, which for a rare word reads the whole
table; or find all hits and sort them, which is as slow for a common word. So a search reads one window of time after
another until the page is full. The first window is so wide that PostgreSQL reads about WINDOW_ROWS, by the index that
`SearchPlan.with_best_indexes` has chosen. Later windows are wider, depending on the hits so far. Each window is a
MATERIALIZED query without a LIMIT, which the planner can't misjudge:

- A common word (in a third of all messages), or two letters as a part of words, is found without the word index:
  by (conversation_id, created_at, id) in the visible conversations, among their newest WINDOW_ROWS.
- A rare word, or one in no message, is one look-up in the word index, and one window covers all time.
- The messages of one person are read by (user_id, created_at): a frequent word that the person never used costs a
  look at all their messages.
- For a member of one small conversation PostgreSQL reads that, by (conversation_id, created_at, id).
- For a member of 5,000 they are passed as one array; for readers of more than MAX_LISTED they are a hashed subquery.

Counting continues in the same windows up to the wanted count, while windows are quick. Punctuation (as "++") is in no
index: alone, it is only searched for in the first window.
"""

import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Self

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.utils import timezone

from conversations.models import Message
from conversations.models.message.message import MessageQuerySet
from conversations.search.plan import WINDOW_ROWS, SearchPlan
from conversations.text.cursors import Cursor
from conversations.text.days import ONE_DAY

MIN_GROWTH, MAX_GROWTH = 2, 8  # times the span before
MARGIN = 1.3  # as the next window may have fewer hits
# An import may have given thousands of messages the same time.
MIN_SPAN, ALL_TIME = timedelta(seconds=1), timedelta.max
IN_WINDOW = """
WITH hits (id, created_at) AS MATERIALIZED ({hits}),
newest AS (SELECT id, created_at FROM hits ORDER BY created_at DESC, id DESC LIMIT %s)
SELECT NULL AS id, NULL AS created_at, count(*) FROM hits UNION ALL SELECT id, created_at, 0 FROM newest
ORDER BY created_at DESC NULLS FIRST, id DESC
"""


@dataclass
class Hits:
    """The cursors of the newest hits, how many hits were counted, and whether these are all."""

    newest: list[Cursor] = field(default_factory=list)
    count: int = 0
    is_all: bool = False


@dataclass(frozen=True)
class Goal:
    """How many of the newest hits to find, how many to count, and the seconds for a window that only counts."""

    newest: int
    count: int
    patience_seconds: float

    def growth(self, hits: Hits) -> float:
        """Estimate how many times wider the next window has to be to reach the count."""
        if not hits.count:
            return MAX_GROWTH
        return min(MAX_GROWTH, max(MIN_GROWTH, MARGIN * self.count / hits.count))

    def is_reached(self, hits: Hits, seconds: float) -> bool:
        """Return whether to stop, if the next window is expected to take this many seconds."""
        is_full = len(hits.newest) >= self.newest and seconds > self.patience_seconds
        return hits.is_all or hits.count >= self.count or is_full


@dataclass(frozen=True)
class Period:
    """The times of the newest message that may be a hit, of the message WINDOW_ROWS older, and of the oldest."""

    newest: datetime | None
    near: datetime | None
    oldest: datetime | None

    @classmethod
    def of(cls, plan: SearchPlan, before: Cursor | None) -> Self:
        latest = min(before.time if before else timezone.now() + ONE_DAY, plan.latest)
        times = Message.objects.filter(created_at__gte=plan.earliest, created_at__lte=latest)
        newest_first = times.order_by("-created_at").values_list("created_at", flat=True)
        newest, near = newest_first[:1].first(), newest_first[WINDOW_ROWS : WINDOW_ROWS + 1].first()
        return cls(newest, near, newest_first.reverse()[:1].first())

    def first_span(self, rows: int, message_count: int) -> timedelta:
        """Estimate the span that holds WINDOW_ROWS of the `rows` to read, from that of WINDOW_ROWS of all messages."""
        if rows <= WINDOW_ROWS or self.newest is None or self.near is None:
            return ALL_TIME
        return max(MIN_SPAN, (self.newest - self.near) * (message_count / rows))

    def begin(self, span: timedelta) -> datetime | None:
        """Return the time `span` before the newest message; None if that is at or before the oldest."""
        if self.newest is None or self.oldest is None or span >= self.newest - self.oldest:
            return None
        return self.newest - span


class Windows:
    """The windows that one search reads, from the newest to the oldest."""

    def __init__(self, plan: SearchPlan, before: Cursor | None = None) -> None:
        self.plan, self.before = plan, before
        self.queries: list[MessageQuerySet] = []  # to be explained

    def hits(self, goal: Goal) -> Hits:
        """Read windows until the goal is reached; raise UnknownName."""
        hits = Hits()
        matching, rows = self.plan.matching()
        if self.before:
            matching = matching.newest_first().beyond(self.before)
        period = Period.of(self.plan, self.before)
        ends, span = None, period.first_span(rows, self.plan.message_count)
        while True:
            begins = period.begin(span)
            seconds = self.read(between(matching, begins, ends), goal.newest, hits)
            hits.is_all = begins is None
            growth = goal.growth(hits)
            if goal.is_reached(hits, seconds * growth) or self.plan.query.is_punctuation_alone:
                return hits
            ends, span = begins, span * growth

    def read(self, window: MessageQuerySet, newest: int, hits: Hits) -> float:
        """Append the hits of a window, up to `newest` in all, and add their number; return the seconds it took."""
        self.queries.append(window)
        began = time.perf_counter()
        try:
            matching, values = window.order_by().values("pk", "created_at").query.sql_with_params()
        except EmptyResultSet:
            return 0
        with connection.cursor() as cursor:
            cursor.execute(IN_WINDOW.format(hits=matching), [*values, newest - len(hits.newest)])
            [(_, _, count), *rows] = cursor.fetchall()
        hits.newest += [Cursor(moment, pk) for pk, moment, _ in rows]
        hits.count += count
        return time.perf_counter() - began


def between(matching: MessageQuerySet, begins: datetime | None, ends: datetime | None) -> MessageQuerySet:
    """Select the messages from `begins` up to and without `ends`; None is no limit."""
    found = matching.filter(created_at__lt=ends) if ends else matching
    return found.filter(created_at__gte=begins) if begins else found
