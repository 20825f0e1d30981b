"""The database: the server that DATABASE_URL names, or the embedded one."""

import select
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

import dj_database_url
import psycopg
from django.db import Error, InterfaceError, OperationalError, connections
from psycopg_pool import ConnectionPool

from chatsite.environment import DATABASE_DIRECT_URL, DATABASE_URL, VAR
from chatsite.postgres import embedded, watching
from chatsite.postgres.cluster import PostgresError, connection

EMBEDDED = VAR / "postgres"
# Prefixes of SQLSTATE: no connection, no resources, no server, a read-only server.
UNAVAILABLE = ("08", "53", "57P", "25006")
# A lock timeout, a statement timeout, a deadlock, a serialization failure: the next attempt may succeed.
BUSY = ("55P03", "57014", "40P01", "40001")
# Without these, the kernel waits 15 minutes for a machine that has disappeared, and on idle connections two hours.
# DATABASE_URL may override them.
TCP = {"keepalives_idle": 3, "keepalives_interval": 2, "keepalives_count": 3, "tcp_user_timeout": 5000}
COMMAND_CONNECT_SECONDS = 10
CONNECT_SECONDS = 2
POOL = {"min_size": 1, "max_size": 12, "timeout": 3, "reconnect_timeout": 2}
# Errors are reported to the client that caused them; in the log of the embedded server they would quote people's words.
SESSION = "" if DATABASE_URL else "-c log_min_messages=log"
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


def watched() -> AbstractContextManager[None]:
    """Restart the embedded server whenever it exits during the `with` block; do nothing for an external one."""
    return nullcontext() if DATABASE_URL else watching.watched(EMBEDDED)


def settings() -> dict[str, Any]:
    """Build the entry of Django's DATABASES, for commands; `serve_pages` adapts it for pages."""
    if DATABASE_URL:
        return described_by(DATABASE_DIRECT_URL or DATABASE_URL)
    where = connection(EMBEDDED)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": where["host"],
        "USER": where["user"],
        "PASSWORD": where["password"],
        "NAME": where["dbname"],
        "OPTIONS": {"connect_timeout": COMMAND_CONNECT_SECONDS, "options": SESSION},
    }


def described_by(url: str, connect_seconds: int = COMMAND_CONNECT_SECONDS) -> dict[str, Any]:
    """Build the entry of DATABASES that a URL describes, with network timeouts unless it has its own."""
    entry: dict[str, Any] = {**dj_database_url.parse(url)}
    return entry | {"OPTIONS": TCP | {"connect_timeout": connect_seconds} | entry.get("OPTIONS", {})}


def direct_settings() -> dict[str, Any]:
    """Return what differs in the entry of DATABASES for connections that must bypass a pooler."""
    return described_by(DATABASE_DIRECT_URL, CONNECT_SECONDS) if DATABASE_DIRECT_URL else {}


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
    """Tell whether an error means that the database is temporarily unavailable to everyone."""
    state = sqlstate(error)
    return is_lost(error) if state is None else state.startswith(UNAVAILABLE)


def is_busy(error: BaseException | None) -> bool:
    """Tell whether an error means that other statements got in the way, so that a repeat may succeed."""
    return (sqlstate(error) or "").startswith(BUSY)


def is_lost(error: BaseException | None) -> bool:
    """Tell whether an error without a SQLSTATE means that the connection failed."""
    return isinstance(error, OperationalError | InterfaceError) and sqlstate(error) is None


def sqlstate(error: BaseException | None) -> str | None:
    return getattr(error.__cause__, "sqlstate", None) if isinstance(error, Error) else None


def serve_pages(entry: dict[str, Any]) -> None:
    """Add a connection pool and time limits to an entry of DATABASES, for a process that answers requests.

    Commands need neither: a migration may take long. They also connect by DATABASE_DIRECT_URL.
    """
    entry |= described_by(DATABASE_URL, CONNECT_SECONDS) if DATABASE_URL else {}
    entry["ENGINE"] = "chatsite.postgres.engine"
    options = entry["OPTIONS"]
    # Prepare each query at once, if its values are separate from its text: see chatsite.speed.prepared.
    options["prepare_threshold"] = 0
    options["pool"] = POOL | {"check": check}
    options["options"] = " ".join(filter(None, [SESSION, *(f"-c {name}={value}" for name, value in LIMITS.items())]))


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
