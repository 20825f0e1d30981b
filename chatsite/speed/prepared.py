"""Queries that every page makes: compiled by the ORM once, planned by PostgreSQL once, then sent with new values.

The ORM takes several times as long to build a query and its SQL as PostgreSQL takes to answer it, and PostgreSQL takes
as long to plan it as to answer it.
"""

import copy
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.postgresql.base import ServerBindingCursor
from django.db.models import QuerySet
from psycopg import sql
from psycopg.types.numeric import Int8

LARGEST = 2**63 - 1  # larger than the id of any row


class Prepared[Rows: QuerySet]:
    """A query with holes: `make` builds it with the values of `holes`, which each call replaces by its own.

    Each hole must occur in the query, and may occur more than once. Its value must differ from all constants of the
    query, and the SQL must not depend on it. The result is read-only: no filter, no slice, no count.
    """

    def __init__(self, make: Callable[..., Rows], **holes: Any) -> None:
        if alike := [name for name, value in holes.items() if [*holes.values()].count(value) > 1]:
            raise ValueError(f"{', '.join(alike)}: these holes have the same value")
        self.make, self.holes = make, holes

    @cached_property
    def queryset(self) -> Rows:
        return self.make(**self.holes)

    @cached_property
    def compiled(self) -> tuple[Any, str]:
        """The compiler after it has run, and the SQL with the names of the holes.

        Raises LookupError for a hole that is not in the query, as its values would have no effect, and for a constant
        that looks like a hole, as values would replace it too.
        """
        compiler = self.queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        text, values = compiler.as_sql()
        converters = compiler.get_converters([column for column, *_ in compiler.select])
        compiler.get_converters = lambda _: converters
        names = holes_in(values, self.holes)
        if unmet := self.holes.keys() - set(names):
            raise LookupError(f"the query has no hole for {', '.join(sorted(unmet))}")
        others = {name: different(value) for name, value in self.holes.items()}
        text_with_others, others_sent = self.make(**others).query.get_compiler(DEFAULT_DB_ALIAS).as_sql()
        if (text_with_others, holes_in(others_sent, others)) != (text, names):
            raise LookupError("a constant of the query has the value of a hole, or its SQL depends on one")
        written = [f"%({name})s" if name else literal(value) for name, value in zip(names, values, strict=True)]
        return compiler, text.replace("%%", "%%%%") % tuple(written)

    def __call__(self, **values: Any) -> Rows:
        """Run the query with these values, one for each hole."""
        compiled, text = self.compiled
        if values.keys() != self.holes.keys():
            raise TypeError(f"expected values for {', '.join(self.holes)}, not for {', '.join(values)}")
        # One type for all numbers, as PostgreSQL caches a plan for each combination of types.
        sent = {name: Int8(min(value, LARGEST)) if type(value) is int else value for name, value in values.items()}
        compiler = copy.copy(compiled)
        compiler.connection = connections[DEFAULT_DB_ALIAS]  # this thread's
        compiler.execute_sql = lambda **_: [rows_of(text, sent)]
        found = self.queryset.__class__.__new__(self.queryset.__class__)  # a clone would needlessly copy the query
        found.__dict__ |= vars(self.queryset) | {"_query": CompiledQuery(compiler, self.queryset.query.order_by)}
        return found


def holes_in(values: Sequence[Any], holes: dict[str, Any]) -> list[str | None]:
    """Return the name of the hole, if any, behind each value; a number may have become one of psycopg's own types."""

    def hole_of(value: Any) -> str | None:
        found = (name for name, hole in holes.items() if hole == value and isinstance(value, type(hole)))
        return next(found, None)

    return [hole_of(value) for value in values]


def different(value: Any) -> Any:
    """Return a different value of the same type."""
    if isinstance(value, str):
        return f"{value}, different"
    if isinstance(value, datetime):
        return value.replace(microsecond=value.microsecond ^ 1)
    return value - 1000


def literal(value: Any) -> str:
    """Return a constant as SQL, safe for filling the holes later."""
    return sql.Literal(value).as_string(connection.connection).replace("%", "%%")


class CompiledQuery:
    """Stands in for a query whose SQL is compiled: how to run it, and its order, from which cursors are made."""

    def __init__(self, compiler: Any, order_by: Sequence[Any]) -> None:
        self.compiler, self.order_by = compiler, order_by

    def get_compiler(self, using: str) -> Any:
        return self.compiler


def rows_of(text: str, values: dict[str, Any]) -> list[tuple]:
    """Run a statement, which each connection of a web process plans only once: see `chatsite.postgres.database`."""
    connection.ensure_connection()
    wrap = connection.make_debug_cursor if connection.queries_logged else connection.make_cursor
    # The stubs do not know that this is a cursor of psycopg, and that both wrappers take one.
    with wrap(ServerBindingCursor(connection.connection)) as cursor:  # type: ignore[call-arg, arg-type]
        cursor.execute(text, values)
        return cursor.fetchall()
