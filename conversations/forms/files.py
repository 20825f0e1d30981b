"""The form field for attachments: several files at once, within limits."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from conversations.models.attachment.attachment import (
    MAX_FILE_BYTES,
    MAX_FILES,
    MAX_MESSAGE_BYTES,
    is_empty,
    megabytes,
    too_large,
    too_many,
)


class FilesInput(forms.FileInput):
    """A field for several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files; each error names its file."""

    widget = FilesInput
    max_file_bytes = MAX_FILE_BYTES
    max_files = MAX_FILES

    def __init__(self, **options: Any) -> None:
        limits = format_lazy(
            _("Up to {files}, {each} each, {all} in total."),
            files=MAX_FILES,
            each=megabytes(MAX_FILE_BYTES),
            all=megabytes(MAX_MESSAGE_BYTES),
        )
        super().__init__(label=_("Files"), help_text=limits, **options)

    def clean(self, data: list[UploadedFile], initial: object = None) -> list[UploadedFile]:
        """Raise ValidationError for too many files, for empty and too large ones by name, and for too many bytes."""
        files = data or []
        if len(files) > MAX_FILES:
            raise ValidationError(too_many(len(files)))
        errors = [too_large(file.name or "") for file in files if bytes_of(file) > MAX_FILE_BYTES]
        errors += [is_empty(file.name or "") for file in files if not bytes_of(file)]
        if not errors and (size := sum(map(bytes_of, files))) > MAX_MESSAGE_BYTES:
            errors = [
                _("These files are %(size)s in total. A message can have %(most)s.")
                % {"size": megabytes(size), "most": megabytes(MAX_MESSAGE_BYTES)}
            ]
        if errors:
            raise ValidationError(errors)
        return files


def bytes_of(file: UploadedFile) -> int:
    return file.size or 0


def words_as_file(data: QueryDict, files: MultiValueDict) -> tuple[QueryDict, MultiValueDict]:
    """Turn text that is too long for a message into a file."""
    data, files = data.copy(), files.copy()
    words = data.get("content", "").replace("\r\n", "\n")
    files.appendlist("files", SimpleUploadedFile("message.txt", words.encode()))
    data["content"] = ""
    return data, files
