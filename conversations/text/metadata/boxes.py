"""Videos (MP4, QuickTime, 3GP), and HEIC and AVIF pictures: files of nested boxes (ISO 14496-12).

Boxes that are not needed to show them become empty space of the same size.
"""

from collections.abc import Iterator
from contextlib import suppress
from typing import NamedTuple

from conversations.text.metadata.eraser import Eraser, Malformed
from conversations.text.metadata.items import erase_items
from conversations.text.metadata.samples import erase_samples

FIRST = {b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot", b"styp"}
IN_FILE = {b"ftyp", b"styp", b"mdat", b"moof", b"mfra", b"sidx", b"ssix", b"pdin", b"wide"}
IN_MOVIE = {b"mvhd", b"trak", b"mvex", b"iods"}
IN_TRACK = {b"tkhd", b"edts", b"mdia", b"tref", b"tapt", b"load"}
WITH_TIMES = {b"mvhd", b"tkhd", b"mdhd"}  # when it was made and changed
METADATA_TRACKS = {b"meta", b"camm", b"gpmd"}  # for example a location for each second


class Box(NamedTuple):
    """A box: its kind, where it starts, where its content starts, where it ends."""

    kind: bytes
    start: int
    body: int
    end: int


def remove_metadata(eraser: Eraser) -> None:
    for box in boxes(eraser, 0, len(eraser.content)):
        if box.kind == b"moov":
            clean_movie(eraser, box)
        elif box.kind == b"meta":
            inner = {each.kind: each for each in boxes(eraser, box.body + 4, box.end)}
            if b"iloc" in inner and b"iinf" in inner:
                data = inner[b"idat"].body if b"idat" in inner else 0
                erase_items(eraser, inner[b"iinf"].body, inner[b"iloc"].body, data)
            else:
                empty(eraser, box)
        elif box.kind not in IN_FILE:
            empty(eraser, box)


def boxes(eraser: Eraser, start: int, end: int) -> Iterator[Box]:
    """Yield the boxes between two positions, up to the first malformed one."""
    while start + 8 <= end:
        eraser.count()
        size, body = eraser.number(start, 4), start + 8
        if size == 1:
            size, body = eraser.number(body, 8), body + 8
        box_end = min(start + size, end) if size else end
        if box_end < body:
            return
        yield Box(bytes(eraser.content[start + 4 : start + 8]), start, body, box_end)
        start = box_end


def empty(eraser: Eraser, box: Box) -> None:
    eraser.content[box.start + 4 : box.start + 8] = b"free"
    eraser.erase(box.body, box.end)


def clean_movie(eraser: Eraser, movie: Box) -> None:
    for box in boxes(eraser, movie.body, movie.end):
        if box.kind == b"trak":
            clean_track(eraser, box)
        elif box.kind not in IN_MOVIE:
            empty(eraser, box)
        forget_times(eraser, box)


def clean_track(eraser: Eraser, track: Box) -> None:
    for box in boxes(eraser, track.body, track.end):
        if box.kind == b"mdia":
            media = {each.kind: each for each in boxes(eraser, box.body, box.end)}
            for each in media.values():
                forget_times(eraser, each)
            handler = media.get(b"hdlr")
            if handler and bytes(eraser.content[handler.body + 8 : handler.body + 12]) in METADATA_TRACKS:
                with suppress(Malformed):
                    erase_samples(eraser, tables(eraser, media))
                empty(eraser, track)
                return
        elif box.kind not in IN_TRACK:
            empty(eraser, box)
        forget_times(eraser, box)


def tables(eraser: Eraser, media: dict[bytes, Box]) -> dict[bytes, int]:
    """Find the tables that say where the samples of a track are: {kind: position}."""
    found = media
    for kind in (b"minf", b"stbl"):
        if kind not in found:
            raise Malformed
        found = {each.kind: each for each in boxes(eraser, found[kind].body, found[kind].end)}
    return {kind: box.body for kind, box in found.items()}


def forget_times(eraser: Eraser, box: Box) -> None:
    if box.kind in WITH_TIMES:
        size = 8 if eraser.number(box.body, 1) == 1 else 4
        eraser.erase(box.body + 4, box.body + 4 + 2 * size)
