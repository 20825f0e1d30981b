"""Attachments: the files of a message."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Self

from django.core.files.base import ContentFile, File
from django.db import DatabaseError, models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import names
from accounts.models import User
from accounts.models.limits import take
from accounts.pictures import cleaning
from conversations.models.access import visible_messages
from conversations.models.attachment import stored_file
from conversations.models.attachment.sweeping import SweepingQuerySet
from conversations.text import file_types
from conversations.text.metadata.removing import may_have_metadata, remove_metadata

MAX_FILE_BYTES = 25_000_000
MAX_FILES = 10
MAX_MESSAGE_BYTES = 100_000_000
MAX_DESCRIPTION_CHARACTERS = 1000
HEAD_BYTES = file_types.HEAD + 4096  # read to detect the type of a file


class RefusedFile(Exception):
    """A file that is not accepted; the argument names it and says why."""


def too_large(name: str) -> str:
    return _("%(name)s is larger than %(most)s.") % {"name": name, "most": megabytes(MAX_FILE_BYTES)}


def is_empty(name: str) -> str:
    return _("%(name)s is empty.") % {"name": name}


def too_many(count: int) -> str:
    return _("A message can have %(most)d files, not %(count)d.") % {"most": MAX_FILES, "count": count}


def megabytes(size: int) -> str:
    return f"{size / 1_000_000:.0f} MB"


class FileFilter(models.TextChoices):
    """Which files of a conversation a list shows."""

    ALL = "", gettext_lazy("All")
    PICTURES = "pictures", gettext_lazy("Pictures")
    RECORDINGS = "recordings", gettext_lazy("Video and audio")
    OTHERS = "others", gettext_lazy("Documents")

    def condition(self) -> Q:
        is_recording = Q(content_type__startswith="video/") | Q(content_type__startswith="audio/")
        return {
            FileFilter.ALL: Q(),
            FileFilter.PICTURES: Q(width__isnull=False),
            FileFilter.RECORDINGS: Q(width__isnull=True) & is_recording,
            FileFilter.OTHERS: Q(width__isnull=True) & ~is_recording,
        }[self]


class AttachmentQuerySet(SweepingQuerySet):
    """Attachments, by reader; and how to store and delete their files."""

    def visible_to(self, user: User) -> Self:
        """Select the attachments of messages that `user` may see: not those of deleted ones."""
        return self.filter(visible_messages(user, "message__"), message__deleted_at__isnull=True)

    def in_conversation(self, conversation: int, shown: FileFilter = FileFilter.ALL, name: str = "") -> Self:
        """List the files of a conversation, the newest first: of one kind, or with `name` as a part of their names."""
        found = self.filter(shown.condition(), message__conversation=conversation)
        return (found.filter(name__folded__contains=name) if name else found).order_by("-pk")

    def with_senders(self) -> Self:
        return self.select_related("message__user")

    def pictures_before(self, picture: "Attachment", conversation: int) -> Self:
        """List the pictures of a conversation before one of them, the nearest first."""
        return self.in_conversation(conversation, FileFilter.PICTURES).filter(pk__lt=picture.pk)

    def pictures_after(self, picture: "Attachment", conversation: int) -> Self:
        """List the pictures of a conversation after one of them, the nearest first."""
        return self.in_conversation(conversation, FileFilter.PICTURES).filter(pk__gt=picture.pk).order_by("pk")

    @contextmanager
    def storing(self, by: User, uploads: Sequence[File], descriptions: Sequence[str]) -> Iterator[list["Attachment"]]:
        """Store files for the message that is posted inside; delete them if the message turns out to be a repeat.

        Raises RefusedFile, and LimitReached before a file is decoded. After a database error it is unknown whether the
        message was saved: `sweep` deletes the files later if it was not.
        """
        if uploads:
            take("upload", by)
        for _file in uploads:
            take("attach", by)
        stored: list[Attachment] = []
        try:
            for position, (upload, description) in enumerate(zip(uploads, descriptions, strict=True)):
                stored.append(self.store(upload, position, description))
            yield stored
        except DatabaseError:
            raise
        except Exception:
            stored_file.remove(attachment.key for attachment in stored)
            raise
        stored_file.remove(attachment.key for attachment in stored if attachment.pk is None)

    def store(self, upload: File, position: int = 0, description: str = "") -> "Attachment":
        """Store a file, without the metadata if it is a picture; return its row, unsaved.

        Raises RefusedFile. A picture that can't be decoded is stored like any other file, and only downloaded.
        """
        name = file_types.clean_name(upload.name or "")
        if upload.size > MAX_FILE_BYTES:
            raise RefusedFile(too_large(name))
        if not upload.size:
            raise RefusedFile(is_empty(name))
        attachment = Attachment(
            name=name, key=stored_file.new_key(), position=position, description=one_line(description)
        )
        upload.seek(0)
        head = upload.read(HEAD_BYTES)
        if not (file_types.looks_like_picture(head) and attachment.store_picture(upload)):
            attachment.store_as_it_is(upload, head)
        return attachment

    def keys_of(self, messages: models.QuerySet | Sequence[int]) -> list[str]:
        """List the keys of the files of `messages`, to delete the files after their rows."""
        return list(self.filter(message__in=messages).values_list("key", flat=True))


class Attachment(models.Model):
    """A file of a message; stored_file.py stores its bytes, and those of its thumbnails."""

    message = models.ForeignKey("conversations.Message", models.DB_CASCADE, related_name="attachments")
    position = models.SmallIntegerField()
    name = models.CharField(max_length=255)
    # Detected from its content; the browser's type and the file name are ignored.
    content_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    # Its name in the storage.
    key = models.CharField(max_length=100)
    # Of a picture, in pixels; null for other files.
    width = models.IntegerField(null=True)
    height = models.IntegerField(null=True)
    # The first lines of a text file.
    beginning = models.TextField(null=True)
    description = models.CharField(max_length=MAX_DESCRIPTION_CHARACTERS, blank=True, db_default="", default="")

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        db_table = "attachments"
        constraints = [models.UniqueConstraint(fields=["key"], name="attachments_key_unique")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_picture(self) -> bool:
        """Return whether it is a picture that could be decoded, so that browsers may show it."""
        return self.width is not None

    @property
    def kind(self) -> str:
        """How it is shown, by its type."""
        return file_types.kind_of(self.content_type, is_picture=self.is_picture)

    def stored_as(self, size: str = "") -> str:
        """Return the name of the file, or of its thumbnail of that size, in the storage."""
        return stored_file.thumbnail_name(self.key, size) if size else self.key

    def store_picture(self, upload: File) -> bool:
        """Store a picture with its thumbnails; return False if it can't be read."""
        upload.seek(0)
        try:
            picture = cleaning.clean(upload.read())
        except cleaning.NoPicture:
            return False
        self.name = file_types.picture_name(self.name, picture.content_type)
        self.content_type, self.size = picture.content_type, len(picture.whole)
        self.width, self.height = picture.width, picture.height
        stored_file.write(self.key, ContentFile(picture.whole))
        for size in stored_file.THUMBNAILS:
            stored_file.write(self.stored_as(size), ContentFile(getattr(picture, size)))
        return True

    def store_as_it_is(self, upload: File, head: bytes) -> None:
        """Store a file that begins with `head`, without the metadata of cameras."""
        upload.seek(max(0, upload.size - file_types.FOOT))
        self.content_type, self.size = file_types.type_of(head, upload.read())[:100], upload.size
        if self.content_type == file_types.TEXT:
            self.beginning = file_types.beginning_of(head)
        upload.seek(0)
        if may_have_metadata(head):
            content = bytearray(upload.read())
            remove_metadata(content)
            self.size, upload = len(content), ContentFile(bytes(content))
        stored_file.write(self.key, upload)


def one_line(description: str) -> str:
    return names.clean(description[:MAX_DESCRIPTION_CHARACTERS])
