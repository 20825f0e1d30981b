"""Search: the newest or best messages that a reader may see and that match a query, and guesses if there are none."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import islice, product
from math import log2

from django.db import OperationalError

from accounts.models import User
from accounts.models.limits import take
from conversations.models import Conversation, Message, SearchWord
from conversations.models.message.message import PAGE_MESSAGES, MessageQuerySet
from conversations.search.marking import mark
from conversations.search.plan import Reader, SearchPlan, UnknownName
from conversations.search.query import SearchQuery, Term
from conversations.search.windows import Goal, Hits, Windows
from conversations.text.cursors import Cursor
from conversations.text.folding import fold

MAX_COUNTED = 1000
PATIENCE_SECONDS = 0.1
MAX_RANKED, ENOUGH_RANKED = 1000, 200  # newest hits, of which the best are shown
MAX_DOUBTFUL_TERMS, MAX_GUESSES = 4, 5
TOO_SLOW = "57014"  # PostgreSQL's word for a statement that took too long
MAX_SAMPLED = 300  # newest messages with similar words, to find out which of these are frequent


@dataclass(frozen=True)
class Found:
    """A page of hits of a query, the newest or the best first.

    `count` is None if hits were not counted, and MAX_COUNTED + 1 for any larger number. `is_at_least`: counting was
    stopped because it took too long. `is_partial`: only the first window was searched. `guessed_for` is the query
    without hits for which `query` is a guess. `unknown` is the message for a reader who does not know the person or
    conversation that an operator names.
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
        if self.count is None:
            return ""
        if self.count > MAX_COUNTED:
            return f"{MAX_COUNTED:,}+"
        return f"{self.count}{'+' * self.is_at_least}"


class Search:
    """One search by one person, None for the command line, through the eyes of a reader.

    `patience_seconds` is how long a further window may take that is only needed to count.
    """

    def __init__(
        self, by: User | None, query: SearchQuery, reader: Reader, patience_seconds: float = PATIENCE_SECONDS
    ) -> None:
        self.by, self.query, self.reader, self.patience_seconds = by, query, reader, patience_seconds
        self.windows: list[MessageQuerySet] = []  # for `explain`

    def newest(self, before: Cursor | None = None) -> Found:
        """Find the newest hits, or those before a cursor; without any, those of a guess; raise LimitReached."""
        take("search", self.by)
        return self.newest_or_guessed(before)

    def newest_or_guessed(self, before: Cursor | None = None) -> Found:
        found = self.page(before)
        if found.messages or found.unknown or before:
            return found
        for guess in self.guesses():
            guessed = Search(self.by, guess, self.reader, self.patience_seconds).page()
            if guessed.messages:
                return replace(guessed, guessed_for=self.query)
        return found

    def first(self, limit: int) -> list[Message]:
        """Find the newest hits, up to `limit`, without counting or guessing; raise LimitReached."""
        take("search", self.by)
        try:
            return self.load([hit.id for hit in self.hits(None, limit, limit).newest])
        except UnknownName:
            return []

    def best(self, first: int = 0) -> Found:
        """Find a page of the best of the newest hits, from number `first` counted from 0; raise LimitReached."""
        take("search", self.by)
        try:
            hits = self.hits(None, MAX_RANKED, ENOUGH_RANKED)
        except UnknownName as error:
            return Found(self.query, [], count=0, unknown=str(error))
        if not hits.newest:
            return self.newest_or_guessed()
        ranked = Message.objects.visible_to(self.reader.user).filter(pk__in=[hit.id for hit in hits.newest])
        page = list(ranked.best_first(self.query.wanted).values_list("pk", flat=True)[first : first + PAGE_MESSAGES])
        count = hits.count if hits.is_all and hits.count <= MAX_RANKED else None
        return Found(self.query, self.load(page), count=count, is_partial=self.query.is_punctuation_alone)

    def page(self, before: Cursor | None = None) -> Found:
        try:
            hits = self.hits(before, PAGE_MESSAGES + 1, PAGE_MESSAGES + 1 if before else MAX_COUNTED + 1)
        except UnknownName as error:
            return Found(self.query, [], count=0, unknown=str(error))
        shown = hits.newest[:PAGE_MESSAGES]
        older = shown[-1] if len(hits.newest) > PAGE_MESSAGES else None
        count = None if before else min(hits.count, MAX_COUNTED + 1)
        is_at_least = not hits.is_all and not self.query.is_punctuation_alone
        loaded = self.load([hit.id for hit in shown])
        return Found(self.query, loaded, older, count, is_at_least, self.query.is_punctuation_alone)

    def hits(self, before: Cursor | None, newest: int, count: int) -> Hits:
        """Find the `newest` hits before a cursor, and count up to about `count`; raise UnknownName."""
        windows = Windows(SearchPlan(self.query, self.reader), before)
        found = windows.hits(Goal(newest, count, self.patience_seconds))
        self.windows += windows.queries
        return found

    def load(self, ids: list[int]) -> list[Message]:
        """Load messages in the order of these ids, with their conversations as the reader sees them, and excerpts."""
        shown = Message.objects.visible_to(self.reader.user).filter(pk__in=ids).with_extras()
        found = {message.pk: message for message in shown}
        seen = Conversation.objects.visible_to(self.reader.user).as_seen_by(self.reader.user)
        conversations = seen.in_bulk({message.conversation_id for message in found.values()})
        loaded = [found[pk] for pk in ids if pk in found and found[pk].conversation_id in conversations]
        for message in loaded:
            message.conversation = conversations[message.conversation_id]
        mark(self.query, loaded)
        return loaded

    def guesses(self) -> Iterator[SearchQuery]:
        """Yield guesses at a query without hits: its words as parts of words first, then similar words.

        Only words without a hit of their own are replaced.
        """
        wanted = self.query.wanted
        if len(wanted) > MAX_DOUBTFUL_TERMS:
            return
        alone = len(wanted) == 1 and not self.query.narrowings
        doubtful = [term for term in wanted if term.can_be_guessed and (alone or not self.finds(term))]
        if not doubtful:
            return
        yield self.query.with_instead({term: replace(term, text=term.text.lower(), is_part=True) for term in doubtful})
        alike = [[replace(term, text=word) for word in self.meant_by(term)] for term in doubtful]
        for words in islice(product(*alike), MAX_GUESSES):
            yield self.query.with_instead(dict(zip(doubtful, words, strict=True)))

    def meant_by(self, term: Term) -> list[str]:
        """List the words that a misspelling may stand for, from messages that the reader sees.

        Among similar words, frequent ones come first. The statements are the same whatever others have written.
        """
        near = SearchWord.objects.like(term.text)
        any_of_them = Search(self.by, SearchQuery([replace(term, one_of=(fold(term.text), *near))]), self.reader)
        hits = any_of_them.hits(None, MAX_SAMPLED, MAX_SAMPLED)
        uses = SearchWord.objects.uses(near, [hit.id for hit in hits.newest])
        likely = {word: SequenceMatcher(None, fold(term.text), word).ratio() * log2(1 + uses[word]) for word in uses}
        return sorted(likely, key=lambda word: (-likely[word], word))[:MAX_GUESSES]

    def finds(self, term: Term) -> bool:
        alone = Search(self.by, SearchQuery([term]), self.reader)
        return bool(alone.hits(None, 1, 1).newest)


def is_too_slow(error: OperationalError) -> bool:
    """Return whether PostgreSQL stopped a search because it took too long."""
    return getattr(error.__cause__, "sqlstate", "") == TOO_SLOW
