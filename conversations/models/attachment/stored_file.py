"""Stored files: the bytes of attachments and their thumbnails, in the storage "files".

A file is named by a random key; its thumbnails lie beside it.
"""

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from django.core.files.base import File
from django.core.files.storage import storages
from django.utils import timezone

THUMBNAILS = ("small", "large")
FOLDER = re.compile("[0-9a-f]{2}")
ORPHAN_PERIOD = timedelta(days=1)  # the longest that a file may wait for its message


def new_key() -> str:
    word = uuid4().hex
    return f"{word[:2]}/{word}"


def names_of(keys: Iterable[str]) -> Iterator[str]:
    """Return the names of files and their thumbnails, whether these exist or not."""
    for key in keys:
        yield from (key, *(thumbnail_name(key, size) for size in THUMBNAILS))


def thumbnail_name(key: str, size: str) -> str:
    return f"{key}-{size}"


def write(name: str, content: File) -> None:
    """Write a file, and flush it if it is on a local disk: its message must not outlive it in a power cut."""
    storage = storages["files"]
    try:
        storage.save(name, content)
        if path := path_of(name):
            with Path(path).open("rb") as file:
                os.fsync(file.fileno())
    except OSError:
        with suppress(OSError):
            storage.delete(name)  # the part that a full disk had space for
        raise


def path_of(name: str) -> str | None:
    """Return the path of a stored file on this machine; None if it is stored elsewhere."""
    try:
        return storages["files"].path(name)
    except NotImplementedError:
        return None


def remove(keys: Iterable[str]) -> None:
    """Delete files and their thumbnails from the storage; a missing file is no error."""
    for name in names_of(keys):
        storages["files"].delete(name)


def count(keys: Iterable[str]) -> int:
    """Count the files, with their thumbnails, that are in the storage."""
    return sum(storages["files"].exists(name) for name in names_of(keys))


def keys_by_folder() -> Iterator[set[str]]:
    """Yield the keys of all files in the storage, folder by folder."""
    for folder in folders():
        names = storages["files"].listdir(folder)[1]
        yield {f"{folder}/{name.partition('-')[0]}" for name in names}


def folders() -> list[str]:
    try:
        return [name for name in storages["files"].listdir("")[0] if FOLDER.fullmatch(name)]
    except FileNotFoundError:
        return []  # nothing was ever stored


def is_orphan(key: str) -> bool:
    """Return whether a file is too old to belong to a message that is about to be posted."""
    existing = [name for name in names_of([key]) if storages["files"].exists(name)]
    return all(storages["files"].get_modified_time(name) < timezone.now() - ORPHAN_PERIOD for name in existing)


def move(name: str, target: str) -> None:
    """Give a stored file another name."""
    if path := path_of(name):
        destination = Path(storages["files"].path(target))
        destination.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        Path(path).rename(destination)
        return
    with storages["files"].open(name) as file:
        storages["files"].save(target, file)
    storages["files"].delete(name)
