"""The items of a HEIC or AVIF picture: those that hold metadata are erased where they lie (ISO 14496-12, 8.11)."""

from collections.abc import Iterator

from conversations.text.metadata.eraser import Eraser

METADATA = {b"Exif", b"mime", b"uri "}
# Programs refuse a picture with invalid EXIF: the position of a TIFF header, the header, and a directory of no entries.
NO_EXIF = bytes(4) + b"MM\0\x2a\0\0\0\x08" + bytes(6)
IN_FILE, IN_DATA_BOX = 0, 1  # how an extent is found


def erase_items(eraser: Eraser, information: int, locations: int, idat: int) -> None:
    """Erase the items that are metadata, by the boxes that name and locate all items; `idat` may hold some of them."""
    private = {item: kind for item, kind in kinds(eraser, information) if kind in METADATA}
    for item, method, offset, length in list(extents(eraser, locations)):
        if item in private and (method == IN_FILE or (method == IN_DATA_BOX and idat)):
            start = offset + (idat if method == IN_DATA_BOX else 0)
            eraser.erase(start, start + length)
            if private[item] == b"Exif" and length >= len(NO_EXIF):
                eraser.content[start : start + len(NO_EXIF)] = NO_EXIF
                private[item] = b""  # it may go on elsewhere


def kinds(eraser: Eraser, at: int) -> Iterator[tuple[int, bytes]]:
    """Yield the number and the kind of each item."""
    size = 2 if eraser.number(at, 1) == 0 else 4
    count, at = eraser.number(at + 4, size), at + 4 + size
    for _ in range(count):
        eraser.count()
        version = eraser.number(at + 8, 1)
        if version >= 2:
            size = 2 if version == 2 else 4
            yield eraser.number(at + 12, size), bytes(eraser.content[at + 14 + size : at + 18 + size])
        at += max(eraser.number(at, 4), 8)


def extents(eraser: Eraser, at: int) -> Iterator[tuple[int, int, int, int]]:
    """Yield each part of each item: the item, how its position counts, where it starts, how long it is."""
    version = eraser.number(at, 1)
    sizes = eraser.number(at + 4, 2)
    offset_size, length_size, base_size, index_size = sizes >> 12, sizes >> 8 & 15, sizes >> 4 & 15, sizes & 15
    wide = 4 if version == 2 else 2
    count, at = eraser.number(at + 6, wide), at + 6 + wide
    for _ in range(count):
        item, at = eraser.number(at, wide), at + wide
        method = eraser.number(at, 2) & 15 if version else IN_FILE
        at += (2 if version else 0) + 2  # past the number of another file, too
        base, at = eraser.number(at, base_size), at + base_size
        parts, at = eraser.number(at, 2), at + 2
        for _ in range(parts):
            eraser.count()
            at += index_size if version else 0
            offset, length = eraser.number(at, offset_size), eraser.number(at + offset_size, length_size)
            at += offset_size + length_size
            yield item, method, base + offset, length
