"""Faults to inject into a site: each takes a Site, breaks something, and says what it did."""

import os
import signal
import time
from contextlib import ExitStack

import psycopg

from chatsite.postgres import embedded
from chatsite.trials.client.site import WORKER, Site

# In the site's own throw-away database, in place of PostgreSQL's function of that name.
DEAF = "CREATE OR REPLACE FUNCTION pg_catalog.pg_notify(text, text) RETURNS void LANGUAGE sql AS 'SELECT'"
STUCK = "CREATE OR REPLACE FUNCTION pg_catalog.pg_notify(text, text) RETURNS void LANGUAGE sql AS 'SELECT pg_sleep(3)'"
HEALED = (
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
    """Kill all processes that answer requests while what they have committed is not announced yet."""
    with database(site) as server:
        server.execute(STUCK)
        time.sleep(0.5)
        for pid in site.processes(WORKER):
            os.kill(pid, signal.SIGKILL)
        server.execute(HEALED)
    return "all web workers were killed between commit and announcement"


def drop_announcements(site: Site) -> str:
    """From now on, let no announcement reach anybody."""
    with database(site) as server:
        server.execute(DEAF)
    return "every announcement was dropped"


def hear_again(site: Site) -> str:
    """Undo `drop_announcements`."""
    with database(site) as server:
        server.execute(HEALED)
    return "announcements were heard again"


def drain_worker(site: Site) -> str:
    """End a process that answers requests as a new version is rolled out."""
    os.kill(site.processes(WORKER)[0], signal.SIGTERM)
    return "a web worker was told to end"


def kill_backend(site: Site) -> str:
    """Kill one of PostgreSQL's processes, at which it ends all of them and recovers."""
    with database(site) as server:
        others = "backend_type = 'client backend' AND pid <> pg_backend_pid()"
        found = server.execute(f"SELECT pid FROM pg_stat_activity WHERE {others}")  # noqa: S608
        [[pid]] = found.fetchmany(1)
        os.kill(pid, signal.SIGKILL)
    return "a backend of PostgreSQL was killed"


class RestartPostgres:
    """Stop PostgreSQL and start it again; it then runs for as long as this one is held."""

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
