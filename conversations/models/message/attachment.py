"""Attachments: the files that came with a message."""

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from django.core.files.base import ContentFile, File
from django.core.files.storage import storages
from django.db import DatabaseError, models
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.pictures import cleaning
from conversations.models.access import visible
from conversations.text import file_types

MAX_FILE_BYTES = 25_000_000
MAX_FILES = 10
MAX_MESSAGE_BYTES = 100_000_000
THUMBNAILS = ("small", "large")
ORPHANED = timedelta(days=1)  # the longest that a file may wait for its message


class RefusedFile(Exception):
    """This file is not taken; the argument names it and says why."""


def too_large(name: str) -> str:
    return _("%(name)s is larger than %(most)s.") % {"name": name, "most": megabytes(MAX_FILE_BYTES)}


def is_empty(name: str) -> str:
    return _("%(name)s is empty.") % {"name": name}


def megabytes(size: int) -> str:
    return f"{size / 1_000_000:.0f} MB"


class AttachmentQuerySet(models.QuerySet):
    """Attachments, by who looks; and the verbs that keep their bytes and let go of them."""

    def visible_to(self, user: User) -> "AttachmentQuerySet":
        """Keep the attachments of messages that `user` may see: not those of deleted ones."""
        return self.filter(visible(user, "message__conversation__"), message__deleted_at__isnull=True)

    @contextmanager
    def storing(self, uploads: Sequence[File], descriptions: Sequence[str]) -> Iterator[list["Attachment"]]:
        """Store files for the message that is posted inside; what it did not take, as it was a repeat, goes again.

        Raises RefusedFile. After an error of the database nobody knows whether they are in: `sweep` finds out.
        """
        kept: list[Attachment] = []
        try:
            for position, (upload, description) in enumerate(zip(uploads, descriptions, strict=True)):
                kept.append(self.store(upload, position, description))
            yield kept
        except DatabaseError:
            raise
        except Exception:
            self.remove_files(each.key for each in kept)
            raise
        self.remove_files(each.key for each in kept if each.pk is None)

    def store(self, upload: File, position: int = 0, description: str = "") -> "Attachment":
        """Store the bytes of a file, a picture without what else it told; give its row, which is not saved.

        Raises RefusedFile. A picture that can't be read is kept as any other file, only to be downloaded.
        """
        name = file_types.clean_name(upload.name or "")
        if upload.size > MAX_FILE_BYTES:
            raise RefusedFile(too_large(name))
        if not upload.size:
            raise RefusedFile(is_empty(name))
        key = new_key()
        made = self.model(name=name, key=key, position=position, description=one_line(description))
        upload.seek(0)
        head = upload.read(file_types.HEAD + 4096)
        if file_types.looks_like_picture(head) and made.store_picture(upload):
            return made
        upload.seek(max(0, upload.size - file_types.FOOT))
        made.content_type, made.size = file_types.type_of(head, upload.read())[:100], upload.size
        upload.seek(0)
        write(key, upload)
        return made

    def keys_of(self, messages: models.QuerySet | Sequence[int]) -> list[str]:
        """List the keys of the files of `messages`, for `remove_files` once their rows are gone."""
        return list(self.filter(message__in=messages).values_list("key", flat=True))

    def remove_files(self, keys: Iterable[str]) -> None:
        """Delete files and their thumbnails from the storage; what is not there is no error."""
        for name in names_of(keys):
            storages["files"].delete(name)

    def count_files(self, keys: Iterable[str]) -> int:
        """Count the files, with their thumbnails, that are in the storage."""
        return sum(storages["files"].exists(name) for name in names_of(keys))

    def sweep(self) -> int:
        """Delete the files that no row names, as a process that died has left them; return how many there were."""
        removed = 0
        for folder in folders():
            keys = {name.partition("-")[0] for name in storages["files"].listdir(folder)[1]}
            keys = {f"{folder}/{key}" for key in keys}
            unnamed = keys - set(self.filter(key__in=keys).values_list("key", flat=True))
            old = [key for key in unnamed if is_old(key)]
            self.remove_files(old)
            removed += len(old)
        return removed


class Attachment(models.Model):
    """One file of one message. Its bytes, and those of its thumbnails, are in the storage "files"."""

    message = models.ForeignKey("conversations.Message", models.DB_CASCADE, related_name="attachments")
    position = models.SmallIntegerField()
    name = models.CharField(max_length=255)
    # By its content; what a browser or a file name said about it counts for nothing.
    content_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    # Where it lies in the storage: a random name; thumbnails lie beside it.
    key = models.CharField(max_length=100)
    # Of a picture, in pixels; null for all else.
    width = models.IntegerField(null=True)
    height = models.IntegerField(null=True)
    description = models.CharField(max_length=1000, blank=True, db_default="", default="")

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        db_table = "attachments"
        constraints = [models.UniqueConstraint(fields=["key"], name="attachments_key_unique")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_picture(self) -> bool:
        """Tell whether it is a picture that could be read, so that browsers may show it."""
        return self.width is not None

    def stored_as(self, size: str = "") -> str:
        """Name the file in the storage that holds it, or its thumbnail of that size."""
        return thumbnail(self.key, size) if size else self.key

    def store_picture(self, upload: File) -> bool:
        """Store a picture with its thumbnails; tell whether it is one that could be read."""
        upload.seek(0)
        try:
            picture = cleaning.clean(upload.read())
        except cleaning.NoPicture:
            return False
        self.name = file_types.picture_name(self.name, picture.content_type)
        self.content_type, self.size = picture.content_type, len(picture.whole)
        self.width, self.height = picture.width, picture.height
        write(self.key, ContentFile(picture.whole))
        for size in THUMBNAILS:
            write(self.stored_as(size), ContentFile(getattr(picture, size)))
        return True


def one_line(description: str) -> str:
    return " ".join(description.replace("\0", "").split())[:1000]


def new_key() -> str:
    word = uuid4().hex
    return f"{word[:2]}/{word}"


def names_of(keys: Iterable[str]) -> Iterator[str]:
    for key in keys:
        yield from (key, *(thumbnail(key, size) for size in THUMBNAILS))


def thumbnail(key: str, size: str) -> str:
    return f"{key}-{size}"


def write(name: str, content: File) -> None:
    """Write a file, to the disk where it is here: its message must not outlive it in a power cut."""
    storage = storages["files"]
    storage.save(name, content)
    if path := path_of(name):
        with Path(path).open("rb") as file:
            os.fsync(file.fileno())


def path_of(name: str) -> str | None:
    """Tell where on this machine a stored file lies; None for one that lies elsewhere."""
    try:
        return storages["files"].path(name)
    except NotImplementedError:
        return None


def folders() -> list[str]:
    try:
        return storages["files"].listdir("")[0]
    except FileNotFoundError:
        return []  # nothing was ever stored


def is_old(key: str) -> bool:
    """Tell whether nobody is just about to post the message of a file."""
    there = [name for name in names_of([key]) if storages["files"].exists(name)]
    return all(storages["files"].get_modified_time(name) < timezone.now() - ORPHANED for name in there)
