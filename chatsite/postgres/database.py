"""The database: the server that DATABASE_URL names, or the embedded one."""

import select
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import dj_database_url
import psycopg
from django.db import Error, InterfaceError, OperationalError, connections
from psycopg_pool import ConnectionPool

from chatsite.environment import DATABASE_DIRECT_URL, DATABASE_URL, VAR
from chatsite.postgres import embedded
from chatsite.postgres.cluster import PostgresError, connection

EMBEDDED = VAR / "postgres"
# Prefixes of SQLSTATE: no connection, no resources, no server, a read-only server.
UNAVAILABLE = ("08", "53", "57P", "25006")
LIMITS = {
    "statement_timeout": "5s",
    "lock_timeout": "2s",
    "idle_in_transaction_session_timeout": "10s",
    "max_parallel_workers_per_gather": 0,
    "plan_cache_mode": "force_generic_plan",  # for prepared queries, which every page makes
}


@contextmanager
def running() -> Iterator[None]:
    """Run the embedded server during the `with` block, unless DATABASE_URL names another server."""
    if DATABASE_URL:
        yield
        return
    try:
        with embedded.running(EMBEDDED):
            yield
    except PostgresError as error:
        sys.exit(f"chatsite: {error}")


def settings() -> dict[str, Any]:
    """Build the entry of Django's DATABASES, for commands; `serve_pages` adapts it for pages."""
    entry: dict[str, Any] = {"ENGINE": "django.db.backends.postgresql"}
    if DATABASE_URL:
        entry |= described(DATABASE_DIRECT_URL or DATABASE_URL)
    else:
        where = connection(EMBEDDED)
        entry |= {
            "HOST": where["host"],
            "USER": where["user"],
            "PASSWORD": where["password"],
            "NAME": where["dbname"],
        }
    return entry


def direct_settings() -> dict[str, Any]:
    """Return the changes of an entry of DATABASES for connections that must bypass a pooler."""
    return described(DATABASE_DIRECT_URL) if DATABASE_DIRECT_URL else {}


def described(url: str) -> dict[str, Any]:
    """Parse a URL as an entry of DATABASES, with all its options: those of another URL must not remain beside them."""
    return {"OPTIONS": {}, **dj_database_url.parse(url)}


def advice_on(error: Exception) -> str:
    """Return one line on how to fix an error of the database; '' if the error is a bug."""
    reason = str(error).strip().partition("\n")[0]
    match getattr(error.__cause__, "sqlstate", None), isinstance(error, OperationalError):
        case "42P01", _:
            return "the database has no tables yet: run `make serve` or `manage.py migrate` first"
        case None, True:
            return f"the database does not answer: {reason}; is DATABASE_URL right?"
        case "53100", _:
            return "the disk is full: free some space, then try again"
    return ""


def is_unavailable(error: BaseException | None) -> bool:
    """Return whether an error means that the database is temporarily unavailable to everyone."""
    if not isinstance(error, Error):
        return False
    if state := getattr(error.__cause__, "sqlstate", None):
        return state.startswith(UNAVAILABLE)
    return isinstance(error, OperationalError | InterfaceError)  # no answer, so no SQLSTATE


def serve_pages(entry: dict[str, Any]) -> None:
    """Add a connection pool and time limits to an entry of DATABASES, for a process that answers requests.

    Commands need neither: a migration may take long. They also connect by DATABASE_DIRECT_URL.
    """
    if DATABASE_DIRECT_URL:
        entry |= described(DATABASE_URL)
    options = entry.setdefault("OPTIONS", {})
    # Prepare each query at once, if its values are separate from its text: see chatsite.speed.prepared.
    options["prepare_threshold"] = 0
    options["pool"] = {"min_size": 1, "max_size": 8, "timeout": 3, "check": check}
    options["options"] = " ".join(f"-c {name}={value}" for name, value in LIMITS.items())


def check(connection: psycopg.Connection[Any]) -> None:
    """Raise OperationalError for a pooled connection that has ended, for example because PostgreSQL restarted.

    PostgreSQL sends a message before it ends a connection. A check takes a round trip, so do it only after a message.
    Connections that end have often ended together, and the pool waits longer after each: so replace them all at once.
    """
    heard = select.poll()
    heard.register(connection.fileno(), select.POLLIN)
    if not heard.poll(0):
        return
    try:
        ConnectionPool.check_connection(connection)
    except psycopg.OperationalError:
        connections["default"].pool.drain()  # type: ignore[attr-defined]  # only the wrapper of PostgreSQL has one
        raise
