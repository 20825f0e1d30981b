"""Pictures that strangers send: read in a process of its own, which a hostile one may bring down with nothing else."""

import json
import subprocess
import sys
from dataclasses import dataclass
from gettext import gettext as _  # only marks the words: the form that shows them translates them
from io import BytesIO
from pathlib import Path
from threading import BoundedSemaphore
from typing import BinaryIO

CODE = Path(__file__).resolve().parent.parent.parent
SECONDS = 10
LONG_SECONDS = 20  # for all of a picture instead of a small one of it
MAX_FILE_BYTES = 10_000_000
MOST_PIXELS, MOST_PIXELS_AVIF = 64_000_000, 26_000_000  # writing AVIF takes forty bytes of memory for each
Size = tuple[int, int]  # width and height, in pixels
SMALL, LARGE = (400, 320), (800, 640)  # what thumbnails fit into; the second is for screens that show two for one
# Each takes a processor for a while, and much memory.
decoders = BoundedSemaphore(2)


class NoPicture(Exception):
    """This can't be shown as a picture; the argument says why."""


@dataclass(frozen=True)
class Cleaned:
    """A picture as it may be passed on: the whole of it without metadata, and two small WebP of it.

    `width` and `height` are those of the whole, in pixels.
    """

    content_type: str
    width: int
    height: int
    whole: bytes
    small: bytes
    large: bytes


def shrink(file: BinaryIO) -> bytes:
    """Make a small square WebP without metadata of a picture; raise NoPicture."""
    content = file.read(MAX_FILE_BYTES + 1)
    if len(content) > MAX_FILE_BYTES:
        raise NoPicture(_("That file is larger than 10 MB. Choose a smaller one."))
    return read_apart("portrait", content, SECONDS)


def clean(content: bytes) -> Cleaned:
    """Make a picture fit to be passed on, with thumbnails; raise NoPicture."""
    answer = BytesIO(read_apart("clean", content, LONG_SECONDS))
    facts = json.loads(answer.readline())
    whole, small, large = (answer.read(size) for size in facts["sizes"])
    return Cleaned(facts["content_type"], facts["width"], facts["height"], whole, small, large)


def read_apart(task: str, content: bytes, seconds: int) -> bytes:
    """Let another process do `task` with a picture, and nothing else: it gets no secrets of ours."""
    command = [sys.executable, "-P", "-m", "accounts.pictures.process", task]
    surroundings = {"PYTHONPATH": str(CODE), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        with decoders:
            done = subprocess.run(
                command, input=content, capture_output=True, timeout=seconds, check=False, env=surroundings
            )
    except subprocess.TimeoutExpired as error:
        raise NoPicture(_("That picture takes too long to read. Choose another one.")) from error
    if done.returncode:
        raise NoPicture(_("That is no picture that can be read here. Choose a JPEG, PNG, WebP, GIF or AVIF."))
    return done.stdout


def fitting(size: Size, box: Size = SMALL) -> Size:
    """Tell how large a picture is that has to fit into a box; it becomes no larger than it was."""
    scale = min(1, box[0] / size[0], box[1] / size[1])
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))
