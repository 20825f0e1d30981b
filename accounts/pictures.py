"""Pictures that strangers send: read in a process of its own, which a hostile one may bring down with nothing else."""

import subprocess
import sys
from pathlib import Path
from typing import BinaryIO

PROGRAM = Path(__file__).with_name("picture_process.py")
SECONDS = 10
MOST_BYTES = 10_000_000


class NoPicture(Exception):
    """This can't be shown as a picture; the argument says why."""


def shrink(file: BinaryIO) -> bytes:
    """Make a small square WebP without metadata of a picture; raise NoPicture."""
    content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise NoPicture("That file is larger than 10 MB. Choose a smaller one.")
    try:
        done = subprocess.run(
            [sys.executable, "-P", PROGRAM], input=content, capture_output=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise NoPicture("That picture takes too long to read. Choose another one.") from error
    if done.returncode:
        raise NoPicture("That is no picture that can be read here. Choose a JPEG, PNG, WebP, GIF or AVIF.")
    return done.stdout
