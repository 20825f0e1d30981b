"""Sweeping: orphaned files, to which no message refers, are set aside, and deleted 30 days later."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.core.files.storage import storages
from django.utils import timezone

from chatsite.speed.keyset import Keyset
from conversations.models.attachment import file_store, stored_file

ASIDE = "aside"
ASIDE_PERIOD = timedelta(days=30)
MAX_SHARE = 0.01  # of all files: more orphans are a sign of the wrong database, not of crashes
MAX_OF_FEW = 10  # in a small workspace


class TooManyOrphans(Exception):
    """There are more orphaned files than crashes can explain; the message says how many."""


@dataclass
class Swept:
    """How many files were set aside, deleted, and restored because a message names them again."""

    aside: int = 0
    deleted: int = 0
    restored: int = 0


class SweepingQuerySet(Keyset):
    """How orphaned files leave the storage."""

    def sweep(self, even_many: bool = False) -> Swept:
        """Set aside orphaned files, which a killed process left behind, and delete those set aside 30 days ago.

        Raises ForeignStore, and TooManyOrphans unless `even_many`.
        """
        file_store.ensure_ours()
        swept = Swept(restored=self.restore_named())
        orphans, total = self.orphans()
        if len(orphans) > max(MAX_OF_FEW, MAX_SHARE * total) and not even_many:
            raise TooManyOrphans(f"{len(orphans):,} of {total:,} files belong to no message")
        today = timezone.now().date()
        for name in filter(storages["files"].exists, stored_file.names_of(orphans)):
            stored_file.move(name, f"{ASIDE}/{today}/{name.partition('/')[2]}")
        swept.aside, swept.deleted = len(orphans), delete_before(today - ASIDE_PERIOD)
        return swept

    def orphans(self) -> tuple[list[str], int]:
        """List the keys of orphaned files that nobody is about to post; also return the number of all files."""
        orphans: list[str] = []
        total = 0
        for keys in stored_file.keys_by_folder():
            total += len(keys)
            orphans += [key for key in keys - self.named_among(keys) if stored_file.is_orphan(key)]
        return orphans, total

    def restore_named(self) -> int:
        """Restore files that were set aside while the rows of their messages were missing, as after a restore."""
        count = 0
        for day in days_aside():
            names = names_aside(day)
            named = self.named_among({key_of(name) for name in names})
            for name in names:
                if key_of(name) in named:
                    stored_file.move(f"{ASIDE}/{day}/{name}", f"{name[:2]}/{name}")
            count += len(named)
        return count

    def named_among(self, keys: set[str]) -> set[str]:
        return set(self.filter(key__in=keys).values_list("key", flat=True))


def key_of(name: str) -> str:
    """Return the key of the file to which a file that is set aside belongs, be it a thumbnail."""
    return f"{name[:2]}/{name.partition('-')[0]}"


def days_aside() -> list[date]:
    """List the days on which files were set aside, the earliest first."""
    try:
        found = storages["files"].listdir(ASIDE)[0]
    except FileNotFoundError:
        return []
    return sorted(date.fromisoformat(name) for name in found)


def names_aside(day: date) -> list[str]:
    return list(storages["files"].listdir(f"{ASIDE}/{day}")[1])


def delete_before(limit: date) -> int:
    """Delete the files set aside before a day; return how many there were, not counting thumbnails."""
    keys = set()
    for day in (day for day in days_aside() if day < limit):
        for name in names_aside(day):
            storages["files"].delete(f"{ASIDE}/{day}/{name}")
            keys.add(key_of(name))
        storages["files"].delete(f"{ASIDE}/{day}")
    return len(keys)
