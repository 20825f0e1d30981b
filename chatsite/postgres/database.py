"""Where the data is: the server that DATABASE_URL names, or the embedded one."""

import select
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import dj_database_url
from django.db import Error, InterfaceError, OperationalError
from psycopg import Connection
from psycopg_pool import ConnectionPool

from chatsite.environment import DATABASE_URL, VAR
from chatsite.postgres import embedded
from chatsite.postgres.cluster import PostgresError, connection

EMBEDDED = VAR / "postgres"
# SQLSTATEs that begin so: no connection, no room, no server; and one that was told to be read only.
AWAY = ("08", "53", "57P", "25006")
LIMITS = {
    "statement_timeout": "5s",
    "lock_timeout": "2s",
    "idle_in_transaction_session_timeout": "10s",
    "max_parallel_workers_per_gather": 0,
    "plan_cache_mode": "force_generic_plan",  # of what is prepared, which is what every page asks
}


@contextmanager
def at_hand() -> Iterator[None]:
    """Keep the embedded server running meanwhile, where it is the one to use."""
    if DATABASE_URL:
        yield
        return
    try:
        with embedded.running(EMBEDDED):
            yield
    except PostgresError as error:
        sys.exit(f"chatsite: {error}")


def settings() -> dict[str, Any]:
    """Build the entry of Django's DATABASES."""
    entry: dict[str, Any] = {"ENGINE": "django.db.backends.postgresql"}
    if DATABASE_URL:
        entry = dj_database_url.parse(DATABASE_URL)
    else:
        where = connection(EMBEDDED)
        names = {"HOST": "host", "USER": "user", "PASSWORD": "password", "NAME": "dbname"}
        entry |= {django: where[libpq] for django, libpq in names.items()}
    return entry


def advice_on(error: Exception) -> str:
    """Say in one line what to do about an error of the database that is nobody's mistake in the code; '' for others."""
    reason = str(error).strip().partition("\n")[0]
    match getattr(error.__cause__, "sqlstate", None), isinstance(error, OperationalError):
        case "42P01", _:
            return "the database has no tables yet: run `make serve` or `manage.py migrate` first"
        case None, True:
            return f"the database does not answer: {reason}; is DATABASE_URL right?"
        case "53100", _:
            return "the disk is full: free some space, then try again"
    return ""


def is_away(error: BaseException | None) -> bool:
    """Tell whether an error means that the database can serve nobody for now, whatever they ask."""
    if not isinstance(error, Error):
        return False
    if state := getattr(error.__cause__, "sqlstate", None):
        return state.startswith(AWAY)
    return isinstance(error, OperationalError | InterfaceError)  # nobody answered, so nobody said why


def serve_pages(entry: dict[str, Any]) -> None:
    """Change an entry of DATABASES for a process that answers requests: pooled connections, and nothing takes for ever.

    Commands need neither: a migration may take its time.
    """
    options = entry.setdefault("OPTIONS", {})
    options["prepare_threshold"] = 0  # what takes its values apart from its text: accounts.models.prepared
    options["pool"] = {"min_size": 1, "max_size": 8, "timeout": 3, "check": check}
    options["options"] = " ".join(f"-c {name}={value}" for name, value in LIMITS.items())


def check(connection: Connection) -> None:
    """Raise OperationalError for a connection that ended in the pool, else its next user would be told after a restart.

    The server says so before it ends one, so only where it has said something is it asked: that takes a round trip.
    """
    heard = select.poll()
    heard.register(connection.fileno(), select.POLLIN)
    if heard.poll(0):
        ConnectionPool.check_connection(connection)
