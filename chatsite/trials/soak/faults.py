"""Faults to inject into a site: each takes a Site, breaks something, and says what it did."""

import os
import signal
import time
from contextlib import ExitStack

import psycopg

from chatsite.postgres import embedded
from chatsite.trials.client.site import WORKER, Site

# These replace PostgreSQL's function pg_notify in the site's own throw-away database.
DROP_NOTIFICATIONS = "CREATE OR REPLACE FUNCTION pg_catalog.pg_notify(text, text) RETURNS void LANGUAGE sql AS 'SELECT'"
DELAY_NOTIFICATIONS = (
    "CREATE OR REPLACE FUNCTION pg_catalog.pg_notify(text, text) RETURNS void LANGUAGE sql AS 'SELECT pg_sleep(3)'"
)
RESTORE_NOTIFICATIONS = (
    "CREATE OR REPLACE FUNCTION pg_catalog.pg_notify(text, text) RETURNS void LANGUAGE internal AS 'pg_notify' "
    "VOLATILE PARALLEL RESTRICTED"
)


def database(site: Site) -> psycopg.Connection:
    return site.database("-c allow_system_table_mods=on")


def kill_worker(site: Site) -> str:
    """Kill a process that answers requests, whatever it is doing."""
    os.kill(site.processes(WORKER)[0], signal.SIGKILL)
    return "a web worker was killed"


def kill_workers_before_they_announce(site: Site) -> str:
    """Kill all processes that answer requests after they have committed messages and before they announce them."""
    with database(site) as server:
        server.execute(DELAY_NOTIFICATIONS)
        time.sleep(0.5)
        for pid in site.processes(WORKER):
            os.kill(pid, signal.SIGKILL)
        server.execute(RESTORE_NOTIFICATIONS)
    return "all web workers were killed between commit and announcement"


def drop_announcements(site: Site) -> str:
    """Drop all announcements from now on."""
    with database(site) as server:
        server.execute(DROP_NOTIFICATIONS)
    return "all announcements were dropped"


def restore_announcements(site: Site) -> str:
    """Undo `drop_announcements`."""
    with database(site) as server:
        server.execute(RESTORE_NOTIFICATIONS)
    return "announcements were restored"


def drain_worker(site: Site) -> str:
    """End a process that answers requests, as rolling out a new version does."""
    os.kill(site.processes(WORKER)[0], signal.SIGTERM)
    return "a web worker was asked to end"


def kill_backend(site: Site) -> str:
    """Kill one of PostgreSQL's processes, so that PostgreSQL ends all of them and recovers."""
    with database(site) as server:
        others = "backend_type = 'client backend' AND pid <> pg_backend_pid()"
        found = server.execute(f"SELECT pid FROM pg_stat_activity WHERE {others}")  # noqa: S608
        [[pid]] = found.fetchmany(1)
        os.kill(pid, signal.SIGKILL)
    return "a backend of PostgreSQL was killed"


class RestartPostgres:
    """Stop PostgreSQL and start it again, to run until `stack` is closed."""

    def __init__(self, stack: ExitStack) -> None:
        self.stack = stack

    def __call__(self, site: Site) -> str:
        files = site.folder / "postgres"
        pid_file = files / "data" / "postmaster.pid"
        os.kill(int(pid_file.read_text().split()[0]), signal.SIGINT)
        while pid_file.exists():
            time.sleep(0.01)
        self.stack.enter_context(embedded.running(files))
        return "PostgreSQL was restarted"
