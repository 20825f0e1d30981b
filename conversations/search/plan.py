"""The plan of a search: the conditions that a hit meets, and the indexes by which PostgreSQL finds hits."""

import json
from datetime import date, datetime, tzinfo
from functools import cached_property
from math import prod

from django.core.exceptions import EmptyResultSet
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from conversations.models import Conversation, Membership, Message, SearchWord
from conversations.models.access import people_visible_to, within_history
from conversations.models.conversation.conversation import ConversationQuerySet
from conversations.models.message.message import PAGE_MESSAGES, MessageQuerySet
from conversations.models.search import conditions
from conversations.models.search.conditions import Condition
from conversations.models.starting import direct_key
from conversations.search.query import SPANS, Narrowing, SearchQuery, Term, span_of
from conversations.text.days import FIRST_DAY, LAST_DAY, ONE_DAY, midnight
from conversations.text.folding import fold

MAX_LISTED = 10_000  # conversations
MAX_NAMED = 50  # people or conversations with the same name
MAX_ID_DIGITS = 18
PAGE_HITS = PAGE_MESSAGES + 1  # one hit more than a page shows whether there is another page
WINDOW_ROWS = 8_000  # read within a window of time, approximately
# Up to this many rows that have rare words are read without windows, as the rows of each window take time as well.
MAX_ROWS_WITHOUT_WINDOWS = 3 * WINDOW_ROWS
INDEX_ENTRIES_PER_ROW = 10  # entries of the word index that can be read in the time of one row
MARKERS = {("has", "file"): ":file", ("is", "reply"): ":reply"}


class UnknownName(Exception):
    """An operator names a person or conversation that the reader does not know; the argument is the error message."""


class Reader:
    """The person who searches, with the conversations they may see, loaded once for all queries of a search."""

    def __init__(self, user: User, zone: tzinfo) -> None:
        self.user, self.zone = user, zone

    def conversations(self) -> ConversationQuerySet:
        return Conversation.objects.visible_to(self.user).order_by()

    @cached_property
    def listed(self) -> list[int] | None:
        """The ids of the conversations that the reader may see; None if there are more than MAX_LISTED."""
        found = list(self.conversations().values_list("pk", flat=True)[: MAX_LISTED + 1])
        return found if len(found) <= MAX_LISTED else None

    @cached_property
    def has_hidden_history(self) -> bool:
        """Tell whether earlier messages of some conversation are hidden from the reader."""
        return Membership.objects.with_history_of(self.user).exists()

    def people_called(self, name: str) -> list[int]:
        """Find people by user name or display name, or the reader by "me"; raise UnknownName."""
        bare = name.removeprefix("@")
        if bare.lower() == "me":
            return [self.user.pk]
        named = Q(username=fold(bare)) | Q(display_name__folded=bare)
        found = list(people_visible_to(self.user).filter(named).values_list("pk", flat=True)[:MAX_NAMED])
        if not found:
            raise UnknownName(_("Nobody here is called “%(name)s”.") % {"name": name})
        return found

    def conversations_titled(self, title: str) -> list[int]:
        """Find conversations by title, by id, or by the @name of the other person; raise UnknownName."""
        if title.startswith("@"):
            others = User.objects.filter(pk__in=self.people_called(title))
            named = Q(direct_key__in=[direct_key({self.user, other}) for other in others])
        else:
            named = Q(title__folded=title.removeprefix("#"))
            named |= Q(pk=title) if title.isascii() and title.isdecimal() and len(title) <= MAX_ID_DIGITS else Q()
        found = list(self.conversations().filter(named).values_list("pk", flat=True)[:MAX_NAMED])
        if not found:
            raise UnknownName(_("You have no conversation called “%(title)s”.") % {"title": title})
        return found


class SearchPlan:
    """The plan of one query for one reader. Raises UnknownName."""

    def __init__(self, query: SearchQuery, reader: Reader) -> None:
        self.query, self.reader, self.zone = query, reader, reader.zone

    @cached_property
    def message_count(self) -> int:
        """Estimate the number of all messages."""
        return max(1, estimated(Q()))

    @cached_property
    def spans(self) -> list[tuple[date | None, date | None, bool]]:
        return list(span_of(self.query, timezone.localdate(timezone=self.zone)))

    @cached_property
    def latest(self) -> datetime:
        """The time after which there can be no hit."""
        lasts = [last for _, last, is_excluded in self.spans if last and not is_excluded]
        return midnight(min([*lasts, LAST_DAY]) + ONE_DAY, self.zone)

    @cached_property
    def earliest(self) -> datetime:
        """The time before which there can be no hit."""
        firsts = [first for first, _, is_excluded in self.spans if first and not is_excluded]
        return midnight(max([*firsts, FIRST_DAY]), self.zone)

    def matching(self) -> tuple[MessageQuerySet, int]:
        """Query all hits, unordered, and estimate the number of rows that PostgreSQL reads to find them."""
        found = Message.objects.all().written_by_people()
        if self.reader.has_hidden_history:
            found = found.filter(within_history(self.reader.user))
        wanted = [self.visible()]
        for term in self.query.terms:
            words, signs = self.words_of(term), self.signs_of(term)
            if term.is_excluded:
                found = found.exclude((words.past_index if words else Q()) & signs)
            else:
                found, wanted = found.filter(signs), [*wanted, *([words] if words else [])]
        for each in (each for each in self.query.narrowings if each.name not in SPANS):
            condition = self.narrowed(each)
            if each.is_excluded:
                found = found.exclude(condition.past_index)
            else:
                wanted.append(condition)
        for first, last, is_excluded in self.spans:
            within = self.within(first, last)
            found = found.exclude(within) if is_excluded else found.filter(within)
        return self.with_best_indexes(found, wanted)

    def with_best_indexes(self, found: MessageQuerySet, wanted: list[Condition]) -> tuple[MessageQuerySet, int]:
        """Use the indexes of the conditions that fill a page soonest, and check the other conditions on their rows.

        The word index yields all rows with its words, of any time, before the first can be read. Other indexes, for
        example of conversations or senders, yield the newest rows first, where common words soon occur.
        """
        rows = {each: estimated(each.by_index) for each in wanted}
        narrowest = min((each for each in wanted if not each.is_words), key=rows.__getitem__)
        words = sorted((each for each in wanted if each.is_words), key=rows.__getitem__)
        shares = [max(rows[each], 1) / self.message_count for each in words]
        seen = max(rows[narrowest], 1) / self.message_count
        # Twice, as rows found by a word contain more hits, which are counted, than other rows.
        best, leading, left = 2 * rows_read(rows[narrowest], prod(shares)), [narrowest], float(rows[narrowest])
        for number in range(1, len(words) + 1):
            hold = self.message_count * prod(shares[:number])
            gathered = sum(rows[each] for each in words[:number]) / INDEX_ENTRIES_PER_ROW
            if gathered + rows_read(hold, prod(shares[number:]) * seen) < best:
                best = gathered + rows_read(hold, prod(shares[number:]) * seen)
                leading, left = words[:number], hold if hold > MAX_ROWS_WITHOUT_WINDOWS else 0
        for each in wanted:
            found = found.filter(each.by_index if each in leading else each.past_index)
        return found, int(left)

    def visible(self) -> Condition:
        """Require a conversation that the reader may see; by a subquery if there are too many to list."""
        if self.reader.listed is not None:
            return conditions.in_one_of(self.reader.listed)
        seen = Q(conversation__in=self.reader.conversations().values("pk"))
        return Condition(seen, seen)

    def words_of(self, term: Term) -> Condition | None:
        """Require the words of a term; None if it has only punctuation."""
        if term.is_part:
            return conditions.contains_one_of(SearchWord.objects.containing(term.text))
        if term.one_of:
            return conditions.contains_one_of(term.one_of)
        return conditions.contains(term) if term.has_words else None

    def signs_of(self, term: Term) -> Q:
        """Require the signs of a term, which are in no index; the name of an emoji also matches the emoji."""
        signs = Q(*map(conditions.has_text, term.signs))
        return signs | conditions.contains(Term(term.emoji)).past_index if term.emoji else signs

    def narrowed(self, narrowing: Narrowing) -> Condition:
        """Require the condition of an operator."""
        match narrowing.name, narrowing.value:
            case "from", name:
                return conditions.sent_by(self.reader.people_called(name))
            case "mentions", name:
                return conditions.mentions(self.reader.people_called(name))
            case "in", title:
                return conditions.in_one_of(self.reader.conversations_titled(title))
            case "has", "link" | "code" as fact:
                return conditions.has_fact(f"has_{fact}", f":{fact}")
            case "has", "reaction":
                return conditions.reacted_to()
            case "is", "pinned":
                return conditions.pinned()
            case "is", "saved":
                return conditions.saved_by(self.reader.user)
        return conditions.contains_one_of([MARKERS[narrowing.name, narrowing.value]])

    def within(self, first: date | None, last: date | None) -> Q:
        """Require a time from the day `first` to the day `last`, inclusive, in the reader's time zone."""
        found = Q(created_at__gte=midnight(max(first, FIRST_DAY), self.zone)) if first else Q()
        return found & Q(created_at__lt=midnight(min(last, LAST_DAY) + ONE_DAY, self.zone)) if last else found


def rows_read(rows: float, share: float) -> float:
    """Estimate how many of `rows` are read until a page is full, if this share of them are hits."""
    return min(rows, max(WINDOW_ROWS, PAGE_HITS / max(share, 1e-9)))


def estimated(wanted: Q) -> int:
    """Return the number of rows that PostgreSQL's planner expects, without reading any."""
    try:
        plan = Message.objects.filter(wanted).order_by().values("pk").explain(format="json")
    except EmptyResultSet:
        return 0
    return int(json.loads(plan)[0]["Plan"]["Plan Rows"])
