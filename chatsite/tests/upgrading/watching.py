"""A watcher of locks: it finds out what a migration would have made people wait for."""

import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from chatsite.tests.upgrading.databases import server

LIMIT = timedelta(seconds=1)
EVERY_SECONDS = 0.02
BLOCKING = [
    "ShareLock",
    "ShareRowExclusiveLock",
    "ExclusiveLock",
    "AccessExclusiveLock",
]  # some statement of a post waits
EXISTING = "SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace"
# Tables, indexes and sequences that were there before; nobody waits for those that a migration is still making.
LOCKS = """
SELECT clock_timestamp(), pid, xact_start, relation::regclass::text, mode, granted
FROM pg_locks JOIN pg_stat_activity USING (pid)
WHERE database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND relation = ANY(%(existing)s) AND mode = ANY(%(blocking)s)
"""
# People who wait for anything else that a migration holds, such as rows.
WAITS = """
SELECT clock_timestamp(), pid, waitstart, coalesce(relation::regclass::text, 'a row'), mode, true
FROM pg_locks JOIN pg_stat_activity USING (pid)
WHERE application_name = %(talkers)s AND NOT granted AND waitstart IS NOT NULL
"""
TALKERS = "people who talk meanwhile"


@dataclass(frozen=True)
class Lock:
    """One lock of one transaction, or the place in the queue for it, behind which others wait."""

    migration: str
    what: str
    mode: str
    how: str
    pid: int
    since: datetime

    def __str__(self) -> str:
        return f"{self.migration}: {self.mode} on {self.what} {self.how}"


@dataclass
class Watcher:
    """Samples the locks of a database for as long as its block runs; `migration` is what goes on meanwhile."""

    name: str
    migration: str = "nothing yet"
    seen: dict[Lock, tuple[datetime, datetime]] = field(default_factory=dict)
    samples: int = 0

    def __enter__(self) -> "Watcher":
        self._connection, self._over = server(self.name), threading.Event()
        existing = [oid for (oid,) in self._connection.execute(EXISTING).fetchall()]
        self._values = {"existing": existing, "blocking": BLOCKING, "talkers": TALKERS}
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        self._connection.close()

    def _watch(self) -> None:
        while not self._over.wait(EVERY_SECONDS):
            for now, pid, since, what, mode, granted in self._connection.execute(LOCKS, self._values).fetchall():
                self._note(
                    Lock(self.migration, what, mode, "was held" if granted else "was queued", pid, since), now, now
                )
            for now, pid, since, what, mode, _ in self._connection.execute(WAITS, self._values).fetchall():
                self._note(Lock(self.migration, what, mode, "kept people waiting", pid, since), since, now)
            self.samples += 1

    def _note(self, lock: Lock, since: datetime, now: datetime) -> None:
        first, _ = self.seen.get(lock, (since, now))
        self.seen[lock] = (first, now)

    def longest(self) -> list[tuple[timedelta, Lock]]:
        """List what was seen, the longest first."""
        spans = [(last - first, lock) for lock, (first, last) in self.seen.items()]
        return sorted(spans, key=lambda each: each[0], reverse=True)

    def faults(self) -> list[str]:
        """Say which migration blocked people, by which lock, for how long."""
        return [f"{lock} for {span.total_seconds():.1f} s" for span, lock in self.longest() if span > LIMIT]
