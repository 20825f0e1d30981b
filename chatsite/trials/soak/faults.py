"""Faults to inject into a site: each takes a Site, breaks something, and says what it did."""

import os
import shutil
import signal
import time
from contextlib import suppress

import psycopg

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

MAX_STARTS = 5
SECONDS_TO_NOTICE = 1  # that PostgreSQL has exited, before anybody asks whether the site is ready
FULL_SECONDS = 5
MAX_DISK_BYTES = 2_000_000_000


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


def kill_parent(site: Site) -> str:
    """Kill the process that watches all others, and start the site again, as a supervisor does."""
    site.server.kill()
    site.server.wait()
    for _ in range(MAX_STARTS):
        with suppress(AssertionError):  # its workers may hold the port for a moment
            site.start(WORKERS="2")
            break
    return "the parent was killed, and a supervisor started the site again"


def kill_postgres(site: Site) -> str:
    """Kill PostgreSQL, as the system does when it is out of memory."""
    os.kill(site.postmaster, signal.SIGKILL)
    time.sleep(SECONDS_TO_NOTICE)
    return "PostgreSQL was killed"


def stop_postgres(site: Site) -> str:
    """Shut PostgreSQL down, as somebody may by mistake."""
    os.kill(site.postmaster, signal.SIGINT)
    time.sleep(SECONDS_TO_NOTICE)
    return "PostgreSQL was stopped"


def fill_disk(site: Site) -> str:
    """Leave no space on the site's disk, not even for PostgreSQL's write-ahead log, for a few seconds."""
    filler = site.folder / "filler"
    try:
        with filler.open("wb") as file, suppress(OSError):
            while True:
                file.write(bytes(1_000_000))
                file.flush()
        with suppress(psycopg.Error), site.database() as database:
            for _ in range(4):
                database.execute("SELECT pg_logical_emit_message(false, 'soak', repeat('x', 16000000))")
        time.sleep(FULL_SECONDS)
    finally:
        filler.unlink()
    return "the disk was full"


def has_small_disk(site: Site) -> bool:
    """Tell whether the disk of the site is so small that it may be filled."""
    return shutil.disk_usage(site.folder.parent).total < MAX_DISK_BYTES
