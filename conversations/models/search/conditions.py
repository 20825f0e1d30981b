"""What a message says and has, as conditions: what a search is put together from.

migrations/0001_search.sql tells what PostgreSQL keeps for it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.expressions import RawSQL

from conversations.search.query import Term

if TYPE_CHECKING:
    from accounts.models import User


class SearchedMessages(models.QuerySet):
    """Messages, as a search looks at them."""

    def said_by_people(self) -> Self:
        """Leave out deleted messages, and the lines that say what happened."""
        return self.filter(deleted_at__isnull=True, is_system=False)

    def best_first(self, terms: Collection[Term]) -> Self:
        """Order by how much, and how near to each other, messages say these terms; the newest first among equals."""
        wanted = " || ".join(["public.search_looks_for(%s, %s)"] * len(terms)) or "''::tsquery"
        values = [value for term in terms for value in (term.text, term.is_exact)]
        rank = RawSQL(f"ts_rank(messages.tsv, {wanted}, 1)", values, models.FloatField())  # noqa: S611 – our words
        return self.annotate(rank=rank).order_by("-rank", "-created_at", "-pk")


@dataclass(frozen=True, eq=False)
class Condition:
    """What is wanted of a message, written so that PostgreSQL finds it by an index, and so that it can not.

    Of several conditions one should lead, by its index: the rarest. PostgreSQL would put whole indexes on top of each
    other, which for millions of rows takes longer than to look at the thousands that the rarest leaves.
    """

    by_index: Q
    past_index: Q
    is_words: bool = False


def says(term: Term) -> Condition:
    """Write that a message says the words of a term."""
    return words("public.search_looks_for(%s, %s)", term.text, term.is_exact)


def says_one_of(listed: Collection[str]) -> Condition:
    """Write that a message has one of these words, or marks as `:link`."""
    quoted = ("'{}'".format(word.replace("\\", "\\\\").replace("'", "''")) for word in listed)
    return words("%s::tsquery", " | ".join(quoted))


def words(wanted: str, *values: Any) -> Condition:
    by_index, past_index = f"messages.tsv @@ {wanted}", f"(messages.tsv || '') @@ {wanted}"
    return Condition(sql(by_index, *values), sql(past_index, *values), is_words=True)


def sent_by(people: Collection[int]) -> Condition:
    return is_any("messages.user_id", people)


def in_one_of(conversations: Collection[int]) -> Condition:
    return is_any("messages.conversation_id", conversations)


def is_any(column: str, ids: Collection[int]) -> Condition:
    """Write that a column is one of these numbers; as one value, however many there are."""
    listed = list(ids)
    return Condition(sql(f"{column} = ANY(%s::bigint[])", listed), sql(f"{column} + 0 = ANY(%s::bigint[])", listed))


def reacted_to() -> Condition:
    return exists("Reaction")


def pinned() -> Condition:
    return exists("Pin")


def saved_by(user: "User") -> Condition:
    return exists("SavedMessage", user=user)


def telling(people: Collection[int]) -> Condition:
    """Write that a message mentions one of these people."""
    return exists("Mention", user__in=people)


def exists(model: str, **fields: Any) -> Condition:
    """Write that something belongs to a message."""
    related = apps.get_model("conversations", model).objects.filter(**fields)
    return Condition(
        by_index=Q(pk__in=related.values("message")),
        past_index=Q(Exists(related.filter(message=OuterRef("pk")))),
    )


def holds(sign: str) -> Q:
    """Write that the text of a message has this in it, with all its signs, but for capitals and accents."""
    return sql("strpos(public.search_fold(content || ' ' || file_names), public.search_fold(%s)) > 0", sign)


def sql(condition: str, *values: Any) -> Q:
    return Q(RawSQL(condition, values, models.BooleanField()))  # noqa: S611 – of our own words, with values apart
