"""Uploaded pictures: decoded in a separate process, which a hostile file may crash without harm."""

import json
import subprocess
import sys
from dataclasses import dataclass
from gettext import gettext as _  # only marks the text: the form that shows it translates it
from io import BytesIO
from pathlib import Path
from threading import BoundedSemaphore
from typing import BinaryIO

CODE = Path(__file__).resolve().parent.parent.parent
PORTRAIT_SECONDS = 10
LONG_SECONDS = 20  # to write the whole picture too
MAX_FILE_BYTES = 10_000_000
MAX_PIXELS, MAX_PIXELS_AVIF = 64_000_000, 26_000_000  # writing AVIF takes forty bytes of memory for each
Size = tuple[int, int]  # width and height, in pixels
SMALL, LARGE = (
    (400, 320),
    (800, 640),
)  # what thumbnails fit into, in CSS pixels of screens with single and double density
# Each takes a processor for seconds, and up to MAX_MEMORY_BYTES of `process`.
decoders = BoundedSemaphore(2)


class NoPicture(Exception):
    """A file can't be shown as a picture; the argument says why."""


@dataclass(frozen=True)
class Cleaned:
    """A picture that is safe to show: the whole of it without metadata, and two WebP thumbnails.

    `width` and `height` are those of the whole picture, in pixels.
    """

    content_type: str
    width: int
    height: int
    whole: bytes
    small: bytes
    large: bytes


def shrink(file: BinaryIO) -> bytes:
    """Turn a picture into a small square WebP without metadata; raise NoPicture."""
    content = file.read(MAX_FILE_BYTES + 1)
    if len(content) > MAX_FILE_BYTES:
        raise NoPicture(_("That file is larger than 10 MB. Choose a smaller one."))
    return run_in_process("portrait", content, PORTRAIT_SECONDS)


def clean(content: bytes) -> Cleaned:
    """Remove the metadata of a picture and make its thumbnails; raise NoPicture."""
    answer = BytesIO(run_in_process("clean", content, LONG_SECONDS))
    facts = json.loads(answer.readline())
    whole, small, large = (answer.read(size) for size in facts["sizes"])
    return Cleaned(facts["content_type"], facts["width"], facts["height"], whole, small, large)


def run_in_process(task: str, content: bytes, seconds: int) -> bytes:
    """Run `task` on a picture in another process, which gets none of our secrets; raise NoPicture."""
    command = [sys.executable, "-P", "-m", "accounts.pictures.process", task]
    environment = {"PYTHONPATH": str(CODE), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        with decoders:
            done = subprocess.run(
                command, input=content, capture_output=True, timeout=seconds, check=False, env=environment
            )
    except subprocess.TimeoutExpired as error:
        raise NoPicture(_("That picture takes too long to process. Choose another one.")) from error
    if done.returncode:
        raise NoPicture(_("That file is not a picture we can read. Choose a JPEG, PNG, WebP, GIF or AVIF."))
    return done.stdout


def fitting(size: Size, box: Size = SMALL) -> Size:
    """Scale a size down to fit into a box; never enlarge it."""
    scale = min(1, box[0] / size[0], box[1] / size[1])
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))
