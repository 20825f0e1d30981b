"""Conditions on messages, of which a search is composed.

The columns and functions that they use are in migrations/0001_search.sql and 0009_search_folding.sql.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.expressions import RawSQL

from accounts.models import User
from conversations.models.group_call import GroupCall
from conversations.models.message.mention import Mention
from conversations.models.message.pin import Pin
from conversations.models.message.reaction import Reaction
from conversations.models.message.saved_message import SavedMessage
from conversations.search.query import Term


class SearchedMessages(models.QuerySet):
    """Messages, as a search queries them."""

    def written_by_people(self) -> Self:
        """Leave out deleted messages and system messages."""
        return self.filter(deleted_at__isnull=True, is_system=False)

    def best_first(self, terms: Collection[Term]) -> Self:
        """Order by how often, and how close together, these terms occur; the newest first among equals."""
        wanted = " || ".join(["public.search_looks_for(%s, %s)"] * len(terms)) or "''::tsquery"
        values = [value for term in terms for value in (term.text, term.is_exact)]
        rank = RawSQL(f"ts_rank(messages.tsv, {wanted}, 1)", values, models.FloatField())  # noqa: S611 – our words
        return self.annotate(rank=rank).order_by("-rank", "-created_at", "-pk")


@dataclass(frozen=True, eq=False)
class Condition:
    """One condition in two forms: one for which PostgreSQL can use an index, and one for which it cannot.

    Of several conditions only the rarest should use its index. PostgreSQL would combine whole indexes, which for
    millions of rows takes longer than checking the thousands of rows that the rarest condition leaves.
    """

    by_index: Q
    past_index: Q
    is_words: bool = False


def contains(term: Term) -> Condition:
    """Require the words of a term, or the emoji that it names."""
    if term.emoji:
        either = "(public.search_looks_for(%s, %s) || public.search_looks_for(%s, true))"
        return words(either, term.text, term.is_exact, term.emoji)
    return words("public.search_looks_for(%s, %s)", term.text, term.is_exact)


def contains_one_of(listed: Collection[str]) -> Condition:
    """Require one of these words, or of the markers such as `:link`."""
    return words("%s::tsquery", " | ".join(map(lexeme, listed)))


def lexeme(word: str) -> str:
    """Write a word of the index as a query that matches exactly it, as `public.search_lexeme` does."""
    return "'{}'".format(word.replace("\\", "\\\\").replace("'", "''"))


def words(wanted: str, *values: Any) -> Condition:
    by_index, past_index = f"messages.tsv @@ {wanted}", f"(messages.tsv || '') @@ {wanted}"
    return Condition(sql(by_index, *values), sql(past_index, *values), is_words=True)


def sent_by(people: Collection[int]) -> Condition:
    return is_any("messages.user_id", people)


def in_one_of(conversations: Collection[int]) -> Condition:
    return is_any("messages.conversation_id", conversations)


def is_any(column: str, ids: Collection[int]) -> Condition:
    """Require that a column has one of these ids, which are passed as one array, however many there are."""
    listed = list(ids)
    return Condition(sql(f"{column} = ANY(%s::bigint[])", listed), sql(f"{column} + 0 = ANY(%s::bigint[])", listed))


def has_fact(column: str, marker: str) -> Condition:
    """Require a column that is true; where it is not filled in yet, the marker among the words says the same."""
    by_index = f"(messages.{column} OR (messages.{column} IS NULL AND messages.tsv @@ %s::tsquery))"
    past_index = f"coalesce(messages.{column}, (messages.tsv || '') @@ %s::tsquery)"
    return Condition(sql(by_index, f"'{marker}'"), sql(past_index, f"'{marker}'"))


def reacted_to() -> Condition:
    return exists(Reaction.objects.all())


def pinned() -> Condition:
    return exists(Pin.objects.all())


def saved_by(user: User) -> Condition:
    return exists(SavedMessage.objects.filter(user=user))


def mentions(people: Collection[int]) -> Condition:
    """Require a mention of one of these people, or a group call that reached one of them."""
    named = Mention.objects.filter(user__in=people)
    called = [GroupCall.objects.reaching(person) for person in people]
    past_index = Q()
    for related in (named, *called):
        past_index |= exists(related).past_index
    return Condition(Q(pk__in=named.values("message").union(*(each.values("message") for each in called))), past_index)


def exists(related: models.QuerySet) -> Condition:
    """Require that one of the `related` rows belongs to the message."""
    return Condition(
        by_index=Q(pk__in=related.values("message")),
        past_index=Q(Exists(related.filter(message=OuterRef("pk")))),
    )


def has_text(part: str) -> Q:
    """Require this text with all its punctuation, ignoring case and accents."""
    return sql("strpos(public.search_fold(content || ' ' || file_names), public.search_fold(%s)) > 0", part)


def sql(condition: str, *values: Any) -> Q:
    return Q(RawSQL(condition, values, models.BooleanField()))  # noqa: S611 – of our own words, with values apart
