"""Errors described without values: no text that people wrote, no rows of the database, no file names."""

from collections.abc import Iterator

import psycopg
from django.core.exceptions import DisallowedHost
from django.db import Error, InterfaceError, OperationalError
from django.template import TemplateSyntaxError

# Exceptions whose messages quote only code, or the name of a host.
HARMLESS = (AttributeError, DisallowedHost, ImportError, NameError, TemplateSyntaxError)
# SQLSTATEs whose messages quote no values: connections, sign-in, conflicts, resources, interruptions, the system.
HARMLESS_STATES = ("08", "28", "3D", "40", "53", "55", "57", "58")
NO_ANSWER = (InterfaceError, OperationalError, psycopg.InterfaceError, psycopg.OperationalError)


def chain(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error after those that caused it."""
    if error is None:
        return
    yield from chain(error.__cause__ or (None if error.__suppress_context__ else error.__context__))
    for inner in getattr(error, "exceptions", ()):
        yield from chain(inner)
    yield error


def described(error: BaseException) -> str:
    """Name an error, with its message only where that quotes no values."""
    name = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
    words = database_words(error) if isinstance(error, Error | psycopg.Error) else message_of(error)
    return f"{name}: {words}" if words else name


def message_of(error: BaseException) -> str:
    if isinstance(error, OSError):
        return error.strerror or ""  # the whole message contains the name of a file
    return str(error) if isinstance(error, HARMLESS) else ""


def database_words(error: Error | psycopg.Error) -> str:
    """Describe an error of the database by its SQLSTATE and the objects it names."""
    cause = error if isinstance(error, psycopg.Error) else error.__cause__
    state, diagnosis = getattr(cause, "sqlstate", None), getattr(cause, "diag", None)
    first_line = str(error).strip().partition("\n")[0]
    if state is None:
        return first_line if isinstance(error, NO_ANSWER) else ""
    if state.startswith(HARMLESS_STATES):
        return first_line
    names = (getattr(diagnosis, f"{kind}_name", None) for kind in ("constraint", "table", "column"))
    return " ".join([f"SQLSTATE {state}", *filter(None, names)])
