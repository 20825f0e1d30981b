"""Queries that every page makes: written by the ORM once, and then sent with other values each time.

To build a query and its SQL takes the ORM several times as long as PostgreSQL takes to answer it.
"""

import copy
from collections.abc import Callable
from functools import cached_property
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import QuerySet


class Prepared:
    """A query with holes: `make` writes it with the values of `holes`, in whose place others are sent.

    The values must occur in it for nothing else, and what it is made of must not depend on them. What a call gives is
    to be read, not refined: its SQL stays the same.
    """

    def __init__(self, make: Callable[..., QuerySet], **holes: Any) -> None:
        self.make, self.holes = make, holes

    @cached_property
    def queryset(self) -> QuerySet:
        return self.make(**self.holes)

    @cached_property
    def compiled(self) -> tuple[Any, str, list[tuple[str | None, Any]]]:
        """The compiler after its work, the SQL, and its parameters as (name of a hole or None, value)."""
        compiler = self.queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        sql, values = compiler.as_sql()
        return compiler, sql, [(self.hole(value), value) for value in values]

    def hole(self, value: Any) -> str | None:
        return next((name for name, hole in self.holes.items() if hole == value and type(hole) is type(value)), None)

    def __call__(self, **values: Any) -> QuerySet:
        """Query with these values."""
        compiled, sql, parameters = self.compiled
        compiler = copy.copy(compiled)
        compiler.connection = connections[DEFAULT_DB_ALIAS]  # that of this thread
        sent = tuple(values[hole] if hole else value for hole, value in parameters)
        compiler.as_sql = lambda *_, **__: (sql, sent)
        found = self.queryset.all()
        found.query.get_compiler = lambda *_, **__: compiler
        return found
