"""A watcher that samples locks and finds those of a migration that would make people wait."""

import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from chatsite.tests.upgrading.databases import server

LIMIT = timedelta(seconds=1)
SAMPLE_INTERVAL_SECONDS = 0.02
BLOCKING = [
    "ShareLock",
    "ShareRowExclusiveLock",
    "ExclusiveLock",
    "AccessExclusiveLock",
]  # for each, some statement of a post would wait
EXISTING = "SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace"
# Tables, indexes and sequences that existed before; nobody waits for those that a migration is just creating.
LOCKS = """
SELECT clock_timestamp(), pid, xact_start, relation::regclass::text, mode, granted
FROM pg_locks JOIN pg_stat_activity USING (pid)
WHERE database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND relation = ANY(%(existing)s) AND mode = ANY(%(blocking)s)
"""
# People of this database (another test has its own) who wait for anything else that a migration holds, such as rows.
WAITS = """
SELECT clock_timestamp(), pid, waitstart, coalesce(relation::regclass::text, 'a row'), mode, true
FROM pg_locks JOIN pg_stat_activity USING (pid)
WHERE datname = current_database() AND application_name = %(talkers)s AND NOT granted AND waitstart IS NOT NULL
"""
TALKERS = "people who post and read"


@dataclass(frozen=True)
class Lock:
    """A lock that a transaction holds, or is queued for, while others wait behind it."""

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
    """Samples the locks of a database during the `with` block; `migration` is the one that is running."""

    name: str
    migration: str = "nothing yet"
    seen: dict[Lock, tuple[datetime, datetime]] = field(default_factory=dict)
    samples: int = 0

    def __enter__(self) -> "Watcher":
        self._connection, self._stop = server(self.name), threading.Event()
        existing = [oid for (oid,) in self._connection.execute(EXISTING).fetchall()]
        self._values = {"existing": existing, "blocking": BLOCKING, "talkers": TALKERS}
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()
        self._connection.close()

    def _watch(self) -> None:
        while not self._stop.wait(SAMPLE_INTERVAL_SECONDS):
            for now, pid, since, what, mode, granted in self._connection.execute(LOCKS, self._values).fetchall():
                self._record(
                    Lock(self.migration, what, mode, "was held" if granted else "was queued", pid, since), now, now
                )
            for now, pid, since, what, mode, _ in self._connection.execute(WAITS, self._values).fetchall():
                self._record(Lock(self.migration, what, mode, "kept people waiting", pid, since), since, now)
            self.samples += 1

    def _record(self, lock: Lock, since: datetime, now: datetime) -> None:
        first, _ = self.seen.get(lock, (since, now))
        self.seen[lock] = (first, now)

    def longest(self) -> list[tuple[timedelta, Lock]]:
        """List the locks that were seen, the longest first."""
        spans = [(last - first, lock) for lock, (first, last) in self.seen.items()]
        return sorted(spans, key=lambda each: each[0], reverse=True)

    def faults(self) -> list[str]:
        """List which migration blocked people, with which lock, and for how long."""
        return [f"{lock} for {span.total_seconds():.1f} s" for span, lock in self.longest() if span > LIMIT]
