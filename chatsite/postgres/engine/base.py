"""Django's PostgreSQL backend for processes that answer requests: none of them waits for an unreachable database."""

from typing import Any

import psycopg
from django.db.backends.postgresql import base

from chatsite.postgres.outage import outage


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection from the pool, which fails at once during an outage."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        if not self.pool:
            return super().get_new_connection(conn_params)
        outage.fail_if_down()
        try:
            return super().get_new_connection(conn_params)
        except psycopg.OperationalError as error:
            outage.begin(self.pool, conn_params, error)
            raise
