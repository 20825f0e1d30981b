"""Files that people send, several at once, with their limits."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from accounts.pictures import MOST_PIXELS, MOST_PIXELS_AVIF
from conversations.models.attachment import MOST_BYTES, MOST_FILES, MOST_TOGETHER


def megabytes(size: int) -> str:
    return f"{size / 1_000_000:.0f} MB"


class FilesInput(forms.FileInput):
    """A field for several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files, of which each is judged by its name."""

    widget = FilesInput
    most_bytes, most_files = MOST_BYTES, MOST_FILES

    def __init__(self, **options: Any) -> None:
        limits = f"Up to {MOST_FILES}, {megabytes(MOST_BYTES)} each, {megabytes(MOST_TOGETHER)} together."
        most, most_avif = MOST_PIXELS // 1_000_000, MOST_PIXELS_AVIF // 1_000_000
        limits += f" Pictures of more than {most} megapixels, as AVIF {most_avif}, are downloads."
        super().__init__(label="Files", help_text=limits, **options)

    def clean(self, data: list[UploadedFile], initial: object = None) -> list[UploadedFile]:
        """Raise ValidationError for more than a message takes, with a word for each file that is too large."""
        files = data or []
        if len(files) > MOST_FILES:
            raise ValidationError(f"A message takes {MOST_FILES} files, not {len(files)}.")
        errors = [f"{file.name} is larger than {megabytes(MOST_BYTES)}." for file in files if file.size > MOST_BYTES]
        errors += [f"{file.name} is empty." for file in files if not file.size]
        if not errors and (size := sum(file.size for file in files)) > MOST_TOGETHER:
            errors = [f"These files have {megabytes(size)} together. A message takes {megabytes(MOST_TOGETHER)}."]
        if errors:
            raise ValidationError(errors)
        return files


def words_as_file(data: QueryDict, files: MultiValueDict) -> tuple[QueryDict, MultiValueDict]:
    """Make a file of words that are too long for a message."""
    data, files = data.copy(), files.copy()
    words = data.get("content", "").replace("\r\n", "\n")
    files.appendlist("files", SimpleUploadedFile("message.txt", words.encode()))
    data["content"] = ""
    return data, files
