"""From what somebody looks for to the messages that may be it: what it means to them, and how PostgreSQL finds it."""

import json
from datetime import date, datetime, tzinfo
from functools import cached_property
from math import prod

from django.core.exceptions import EmptyResultSet
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from conversations.models import Conversation, Message, SearchWord
from conversations.models.access import people_visible_to
from conversations.models.conversation.conversation import ConversationQuerySet, direct_key
from conversations.models.message.message import MessageQuerySet
from conversations.models.search import conditions
from conversations.models.search.conditions import Condition
from conversations.models.timeline.activity import FIRST_DAY, LAST_DAY, ONE_DAY
from conversations.models.timeline.days import midnight
from conversations.search.query import SPANS, Narrowing, SearchQuery, Term, span_of

MOST_LISTED = 10_000  # conversations
MOST_NAMED = 50  # people, or conversations, of one name
DIGITS = 18
A_PAGE = 21  # hits
WINDOW = 8_000  # rows that are looked at, about, within one span of time
# Rows of rare words that are looked at without one, as to gather all that was said in a span takes its time as well.
AT_ONCE = 3 * WINDOW
GATHERED_AT_ONCE = 10  # entries of the index of words, in the time that it takes to look at one row
MARKS = {("has", "link"): ":link", ("has", "file"): ":file", ("has", "code"): ":code", ("is", "reply"): ":reply"}


class UnknownName(Exception):
    """An operator names nobody, or no conversation, that who looks knows of; the argument says so."""


class Looker:
    """Who looks for something, with what they see, found once for all that they look for."""

    def __init__(self, user: User, zone: tzinfo) -> None:
        self.user, self.zone = user, zone

    def conversations(self) -> ConversationQuerySet:
        return Conversation.objects.visible_to(self.user).order_by()

    @cached_property
    def listed(self) -> list[int] | None:
        """The conversations that may be seen; None where they are too many to list."""
        found = list(self.conversations().values_list("pk", flat=True)[: MOST_LISTED + 1])
        return found if len(found) <= MOST_LISTED else None

    def people_called(self, name: str) -> list[int]:
        """Find whom a name means: a user name, what they are called, or "me"; raise UnknownName."""
        bare = name.removeprefix("@")
        if bare.lower() == "me":
            return [self.user.pk]
        named = Q(username=bare.lower()) | Q(display_name__iexact=bare)
        found = list(people_visible_to(self.user).filter(named).values_list("pk", flat=True)[:MOST_NAMED])
        if not found:
            raise UnknownName(_("Nobody here is called “%(name)s”.") % {"name": name})
        return found

    def places_called(self, title: str) -> list[int]:
        """Find which conversations a title, a number, or the @name of somebody to talk to directly means."""
        if title.startswith("@"):
            others = User.objects.filter(pk__in=self.people_called(title))
            named = Q(direct_key__in=[direct_key({self.user, other}) for other in others])
        else:
            named = Q(title__iexact=title.removeprefix("#"))
            named |= Q(pk=title) if title.isascii() and title.isdecimal() and len(title) <= DIGITS else Q()
        found = list(self.conversations().filter(named).values_list("pk", flat=True)[:MOST_NAMED])
        if not found:
            raise UnknownName(_("You see no conversation called “%(title)s”.") % {"title": title})
        return found


class SearchPlan:
    """What a search means to who looks. Raises UnknownName."""

    def __init__(self, query: SearchQuery, looker: Looker) -> None:
        self.query, self.looker, self.zone = query, looker, looker.zone

    @cached_property
    def said(self) -> int:
        """How many messages there are, about."""
        return max(1, estimated(Q()))

    @cached_property
    def spans(self) -> list[tuple[date | None, date | None, bool]]:
        return list(span_of(self.query, timezone.localdate(timezone=self.zone)))

    @cached_property
    def latest(self) -> datetime:
        """Tell after which moment no hit can be."""
        lasts = [last for _, last, is_excluded in self.spans if last and not is_excluded]
        return midnight(min([*lasts, LAST_DAY]) + ONE_DAY, self.zone)

    @cached_property
    def earliest(self) -> datetime:
        """Tell before which moment no hit can be."""
        firsts = [first for first, _, is_excluded in self.spans if first and not is_excluded]
        return midnight(max([*firsts, FIRST_DAY]), self.zone)

    def matching(self) -> tuple[MessageQuerySet, int]:
        """Query all hits, in no order; tell about how many rows are looked at for all of them."""
        found = Message.objects.all().said_by_people()
        wanted = [self.visible()]
        for term in self.query.terms:
            words, signs = self.words_of(term), Q(*map(conditions.holds, term.signs))
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
        return self.led(found, wanted)

    def led(self, found: MessageQuerySet, wanted: list[Condition]) -> tuple[MessageQuerySet, int]:
        """Let the conditions lead, by their indexes, with which a page is full soonest; others choose among those rows.

        By the index of words all that holds them is gathered, of whatever time, and then looked at. Past it, what
        somebody sees, or wrote, is looked at from its newest on: common words are soon met there.
        """
        rows = {each: estimated(each.by_index) for each in wanted}
        narrowest = min((each for each in wanted if not each.is_words), key=rows.__getitem__)
        words = sorted((each for each in wanted if each.is_words), key=rows.__getitem__)
        shares = [max(rows[each], 1) / self.said for each in words]
        seen = max(rows[narrowest], 1) / self.said
        # Twice, as among rows that hold a word more hits are met, and counted, than among others.
        best, leading, left = 2 * looked_at(rows[narrowest], prod(shares)), [narrowest], rows[narrowest]
        for number in range(1, len(words) + 1):
            hold = self.said * prod(shares[:number])
            gathered = sum(rows[each] for each in words[:number]) / GATHERED_AT_ONCE
            if gathered + looked_at(hold, prod(shares[number:]) * seen) < best:
                best = gathered + looked_at(hold, prod(shares[number:]) * seen)
                leading, left = words[:number], hold if hold > AT_ONCE else 0
        for each in wanted:
            found = found.filter(each.by_index if each in leading else each.past_index)
        return found, int(left)

    def visible(self) -> Condition:
        """List the conversations that may be seen; where they are too many, they are asked for with each hit."""
        if self.looker.listed is not None:
            return conditions.in_one_of(self.looker.listed)
        seen = Q(conversation__in=self.looker.conversations().values("pk"))
        return Condition(seen, seen)

    def words_of(self, term: Term) -> Condition | None:
        """Write that a message says the words of a term; None where it is signs alone."""
        if term.is_part:
            return conditions.says_one_of(SearchWord.objects.containing(term.text))
        return conditions.says(term) if term.has_words else None

    def narrowed(self, narrowing: Narrowing) -> Condition:
        """Write what an operator keeps."""
        match narrowing.name, narrowing.value:
            case "from", name:
                return conditions.sent_by(self.looker.people_called(name))
            case "mentions", name:
                return conditions.telling(self.looker.people_called(name))
            case "in", title:
                return conditions.in_one_of(self.looker.places_called(title))
            case "has", "reaction":
                return conditions.reacted_to()
            case "is", "pinned":
                return conditions.pinned()
            case "is", "saved":
                return conditions.saved_by(self.looker.user)
        return conditions.says_one_of([MARKS[narrowing.name, narrowing.value]])

    def within(self, first: date | None, last: date | None) -> Q:
        """Write that something was said from the day `first` to the day `last`, each midnight to midnight."""
        found = Q(created_at__gte=midnight(max(first, FIRST_DAY), self.zone)) if first else Q()
        return found & Q(created_at__lt=midnight(min(last, LAST_DAY) + ONE_DAY, self.zone)) if last else found


def looked_at(rows: float, share: float) -> float:
    """Tell how many of `rows` are looked at until a page is full, where such a share of them are hits."""
    return min(rows, max(WINDOW, A_PAGE / max(share, 1e-9)))


def estimated(wanted: Q) -> int:
    """Ask PostgreSQL how many rows it expects, which costs it no look at any."""
    try:
        plan = Message.objects.filter(wanted).order_by().values("pk").explain(format="json")
    except EmptyResultSet:
        return 0
    return int(json.loads(plan)[0]["Plan"]["Plan Rows"])
