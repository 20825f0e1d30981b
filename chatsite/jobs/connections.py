"""Direct connections to the database: past a pooler such as PgBouncer, and past the pool of the pages."""

from typing import Any

from django.conf import settings
from django.db import connection, connections

FOR_PAGES = ("pool", "prepare_threshold", "options")  # options of DATABASES that only pages need
# Jobs may take long, but not while they hold locks that others wait for.
LIMITS = "-c lock_timeout=30s -c idle_in_transaction_session_timeout=60s"


def direct_entry() -> dict[str, Any]:
    """Build an entry of DATABASES that connects by DATABASE_DIRECT_URL, without the limits of pages."""
    ours = connection.settings_dict | settings.DIRECT_DATABASE
    options = {name: value for name, value in ours["OPTIONS"].items() if name not in FOR_PAGES}
    return ours | {"OPTIONS": options | {"options": settings.DATABASE_SESSION}}


def direct_parameters() -> dict[str, Any]:
    """Return the arguments of `psycopg.connect` for a direct connection."""
    wrapper = type(connections["default"])(direct_entry())
    ours = wrapper.get_connection_params()
    return {name: value for name, value in ours.items() if name not in ("cursor_factory", "context")}


def use_direct_connection() -> None:
    """Replace Django's default connection in this thread by a direct one."""
    entry = direct_entry()
    entry["OPTIONS"]["options"] += f" {LIMITS}"
    connections["default"] = type(connections["default"])(entry, "default")
