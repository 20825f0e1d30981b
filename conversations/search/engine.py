"""Search: finds what somebody may see, newest or best first, at a cost that does not grow with all that was said.

PostgreSQL could walk from the newest message to the oldest until a page is full, which for a rare word reads the whole
table; or find all hits and sort them, which for a common word is as bad. So a search looks into windows of time, until
the page is full. A window is as wide as to make PostgreSQL look at about WINDOW rows, whatever leads it there (see
`SearchPlan.led`); those that follow are wider, by what was found so far. Within one it is a MATERIALIZED query without
a LIMIT, which leaves the planner nothing to gamble on:

- A common word (a third of all messages), or two letters as a part of words, is read past the index of words: by
  (conversation_id, created_at, id) from the conversations that one sees, the newest WINDOW rows of those.
- A rare word, or one in no message, is one look into the index of words, and fits into one window of all time.
- Somebody's words are read by (user_id, created_at): a frequent word by someone who never used it costs their messages.
- Who is in one small conversation has that read, by (conversation_id, created_at, id).
- Who is in 5,000 has them listed as one value; who sees more than MOST_LISTED, a hashed set of them.

Counting goes on in the same windows until MOST_COUNTED hits, as long as nobody waits for long. Signs that are no words
(as "++") are in no index: alone, they are looked for in the first window.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import islice, product

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.utils import timezone

from conversations.models import Conversation, Message, SearchWord
from conversations.models.message.message import PAGE, MessageQuerySet
from conversations.models.timeline.activity import ONE_DAY
from conversations.search.plan import WINDOW, Looker, SearchPlan, UnknownName
from conversations.search.query import SearchQuery, Term
from conversations.text.cursors import Cursor
from conversations.text.excerpts import UNSPACED, excerpt, words_of

GROWTH = 8
SHORTEST, FOR_EVER = timedelta(seconds=1), timedelta.max
MOST_COUNTED = 1000
PATIENCE = 0.1
MOST_RANKED, ENOUGH_RANKED = 1000, 200  # hits among which the best are found
MOST_GUESSED_AT, MOST_GUESSES = 4, 5  # words, and what they may have meant
IN_WINDOW = """
WITH hits (id, created_at) AS MATERIALIZED ({hits}),
newest AS (SELECT id, created_at FROM hits ORDER BY created_at DESC, id DESC LIMIT %s)
SELECT NULL AS id, NULL AS created_at, count(*) FROM hits UNION ALL SELECT id, created_at, 0 FROM newest
ORDER BY created_at DESC NULLS FIRST, id DESC
"""


@dataclass(frozen=True)
class Found:
    """A page of hits of a query, the newest or the best first.

    `count` is None where it was not counted, and MOST_COUNTED + 1 for all that is more; where `is_at_least` that many,
    patience ended before the counting. `is_partial` says that only the first window was looked at. `guessed_for` is the
    query that found nothing, where this is what it may have meant. `unknown` says what name an operator had that nobody
    has.
    """

    query: SearchQuery
    messages: list[Message]
    older: Cursor | None = None
    count: int | None = None
    is_at_least: bool = False
    is_partial: bool = False
    guessed_for: SearchQuery | None = None
    unknown: str = ""

    @property
    def count_label(self) -> str:
        if self.count > MOST_COUNTED:
            return f"{MOST_COUNTED:,}+"
        return f"{self.count}{'+' * self.is_at_least}"


@dataclass
class Hits:
    """The places of the newest hits, how many were counted, and whether there are no more than those."""

    newest: list[Cursor]
    count: int = 0
    is_all: bool = False


class Search:
    """One search of one person; `patience` is how many seconds one more window may take that is only to count."""

    def __init__(self, query: SearchQuery, looker: Looker, patience: float = PATIENCE) -> None:
        self.query, self.looker, self.patience = query, looker, patience
        self.user = looker.user
        self.looked_into: list[MessageQuerySet] = []  # the windows, to be explained

    def newest(self, before: Cursor | None = None) -> Found:
        """Find the newest hits, or those before a cursor; where there are none, what the words may have meant."""
        found = self.page(before)
        if found.messages or found.unknown or before:
            return found
        for guess in self.guesses():
            guessed = Search(guess, self.looker, self.patience).page()
            if guessed.messages:
                return replace(guessed, guessed_for=self.query)
        return found

    def best(self, first: int = 0) -> Found:
        """Find, among the newest hits, those that say the words most; `first` counts them from 0."""
        try:
            hits = self.hits(None, MOST_RANKED, enough=ENOUGH_RANKED)
        except UnknownName as error:
            return Found(self.query, [], count=0, unknown=str(error))
        if not hits.newest:
            return self.newest()
        ranked = Message.objects.visible_to(self.user).filter(pk__in=[hit.id for hit in hits.newest])
        page = list(ranked.best_first(self.query.wanted).values_list("pk", flat=True)[first : first + PAGE])
        count = hits.count if hits.is_all and hits.count <= MOST_RANKED else None
        return Found(self.query, self.load(page), count=count, is_partial=self.is_signs_alone)

    def page(self, before: Cursor | None = None) -> Found:
        try:
            hits = self.hits(before, PAGE + 1, enough=PAGE + 1 if before else MOST_COUNTED + 1)
        except UnknownName as error:
            return Found(self.query, [], count=0, unknown=str(error))
        shown = hits.newest[:PAGE]
        older = shown[-1] if len(hits.newest) > PAGE else None
        count = None if before else min(hits.count, MOST_COUNTED + 1)
        is_at_least = not hits.is_all and not self.is_signs_alone
        loaded = self.load([hit.id for hit in shown])
        return Found(self.query, loaded, older, count, is_at_least, self.is_signs_alone)

    @property
    def is_signs_alone(self) -> bool:
        """Tell whether nothing that is looked for is in an index."""
        wanted = self.query.wanted
        return bool(wanted) and not any(term.has_words for term in wanted) and not self.query.narrowings

    # In windows of time

    def hits(self, before: Cursor | None, most: int, enough: int) -> Hits:
        """Find the newest `most` hits before a cursor, and count on until there are `enough`; raise UnknownName."""
        plan, hits = SearchPlan(self.query, self.looker), Hits([])
        matching, rows = plan.matching()
        if before:
            matching = matching.newest_first().beyond(before)
        top = min(before.time if before else timezone.now() + ONE_DAY, plan.latest)
        times = Message.objects.filter(created_at__gte=plan.earliest, created_at__lte=top)
        newest_first = times.order_by("-created_at").values_list("created_at", flat=True)
        newest, near = newest_first[:1].first(), newest_first[WINDOW : WINDOW + 1].first()
        oldest = newest_first.reverse()[:1].first()
        # Not less than a moment: an import may have given thousands of messages the same time.
        wide = max(SHORTEST, (newest - near) * (plan.said / max(rows, 1))) if near else FOR_EVER
        ends, span = None, wide if rows > WINDOW else FOR_EVER
        while True:
            begins = newest - span if newest and span < newest - oldest else None
            window = matching.filter(created_at__lt=ends) if ends else matching
            window = window.filter(created_at__gte=begins) if begins else window
            took = self.look(window, most, hits)
            hits.is_all = begins is None
            wider = min(GROWTH, max(2, 1.3 * enough / hits.count)) if hits.count else GROWTH
            is_full = len(hits.newest) >= most and took * wider > self.patience
            if hits.is_all or hits.count >= enough or is_full or self.is_signs_alone:
                return hits
            ends, span = begins, span * wider

    def look(self, window: MessageQuerySet, most: int, hits: Hits) -> float:
        """Add the hits of a window to those that are newer, up to `most`, and count all of them; return the seconds."""
        self.looked_into.append(window)
        began = time.perf_counter()
        try:
            matching, values = window.order_by().values("pk", "created_at").query.sql_with_params()
        except EmptyResultSet:
            return 0
        with connection.cursor() as cursor:
            cursor.execute(IN_WINDOW.format(hits=matching), [*values, most - len(hits.newest)])
            [(_, _, count), *rows] = cursor.fetchall()
        hits.newest += [Cursor(moment, pk) for pk, moment, _ in rows]
        hits.count += count
        return time.perf_counter() - began

    # What is shown, and what may have been meant

    def load(self, ids: list[int]) -> list[Message]:
        """Load messages in the order of these ids, with their conversations as one sees them, and mark the hits."""
        shown = Message.objects.visible_to(self.user).filter(pk__in=ids).with_extras()
        found = {message.pk: message for message in shown}
        seen = Conversation.objects.visible_to(self.user).as_seen_by(self.user)
        places = seen.in_bulk({message.conversation_id for message in found.values()})
        loaded = [found[pk] for pk in ids if pk in found and found[pk].conversation_id in places]
        for message in loaded:
            message.conversation = places[message.conversation_id]
        self.mark(loaded)
        return loaded

    def mark(self, messages: list[Message]) -> None:
        """Give each message its `excerpt`: a piece of it with what was looked for marked."""
        plain = [term for term in self.query.wanted if not (term.is_phrase or term.is_part)]
        exact = {word for term in self.query.wanted if term.is_phrase for word in words_of(term.text)}
        texts = {message: message.words for message in messages}
        words = words_that_say(plain, exact, {word for text in texts.values() for word in words_of(text)})
        parts = [sign for term in self.query.wanted for sign in term.signs]
        parts += [term.text for term in self.query.wanted if term.is_part or UNSPACED.search(term.text)]
        for message, text in texts.items():
            message.excerpt = excerpt(text, words, parts)

    def guesses(self) -> Iterator[SearchQuery]:
        """Guess what was meant where nothing was found: parts of words first, then words that look alike.

        Only words that find nothing by themselves are guessed at.
        """
        wanted = self.query.wanted
        if len(wanted) > MOST_GUESSED_AT:
            return
        alone = len(wanted) == 1 and not self.query.narrowings
        doubtful = [term for term in wanted if term.can_be_guessed and (alone or not self.finds(term))]
        if not doubtful:
            return
        yield self.query.with_instead({term: replace(term, text=term.text.lower(), is_part=True) for term in doubtful})
        alike = [[replace(term, text=word) for word in SearchWord.objects.like(term.text)] for term in doubtful]
        for words in islice(product(*alike), MOST_GUESSES):
            yield self.query.with_instead(dict(zip(doubtful, words, strict=True)))

    def finds(self, term: Term) -> bool:
        alone = Search(SearchQuery([term]), self.looker)
        return bool(alone.hits(None, 1, enough=1).newest)


def words_that_say(terms: list[Term], exact: set[str], words: set[str]) -> set[str]:
    """Find which of these words are hits of the terms, or are `exact` ones, but for accents and capitals."""
    wanted = [(term.text, term.is_exact) for term in terms if term.has_words] + [(word, True) for word in exact]
    if not wanted:
        return set()
    looked_for = " || ".join(["public.search_looks_for(%s, %s)"] * len(wanted))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT word FROM unnest(%s::text[]) AS word"  # noqa: S608 – of our own words
            f" WHERE public.search_vector(word, '', '', false) @@ ({looked_for})",
            [sorted(words), *(value for pair in wanted for value in pair)],
        )
        return {word for (word,) in cursor.fetchall()}
