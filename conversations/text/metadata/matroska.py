"""WebM and Matroska videos: elements of EBML (RFC 8794), of which tags become empty space."""

from conversations.text.metadata.eraser import Eraser, Malformed

VOID, MANY_BYTES = 0xEC, 9
TAGS = 0x1254C367
# The title, the time, the programs and the names of files.
ERASED = {0x7BA9, 0x4461, 0x4D80, 0x5741, 0x7384, 0x3C83AB, 0x3E83BB}
OPENED = {0x18538067, 0x1549A966}  # the segment, and the information about it


def remove_metadata(eraser: Eraser) -> None:
    """Walk through all elements; those of an unknown size are entered, as their end shows only in what follows."""
    at, end = 0, len(eraser.content)
    while at < end:
        eraser.count()
        kind, body = identifier(eraser, at)
        size, body, is_known = length(eraser, body)
        following = min(body + size, end)
        if kind in OPENED or not is_known:
            following = body
        elif kind == TAGS:
            make_void(eraser, at, following)
        elif kind in ERASED:
            eraser.erase(body, following)
        at = following


def identifier(eraser: Eraser, at: int) -> tuple[int, int]:
    """Return the identifier of the element at a position, and where that ends."""
    size = size_of_number(eraser, at, 4)
    return eraser.number(at, size), at + size


def length(eraser: Eraser, at: int) -> tuple[int, int, bool]:
    """Return the length of an element's content, where that begins, and whether the length is known."""
    size = size_of_number(eraser, at, 8)
    most = (1 << 7 * size) - 1
    found = eraser.number(at, size) & most
    return found, at + size, found != most


def size_of_number(eraser: Eraser, at: int, most: int) -> int:
    size = 9 - eraser.number(at, 1).bit_length()
    if size > most:
        raise Malformed
    return size


def make_void(eraser: Eraser, start: int, end: int) -> None:
    """Turn an element into one that readers skip."""
    eraser.erase(start, end)
    eraser.content[start] = VOID
    if end - start >= MANY_BYTES:
        eraser.content[start + 1 : start + MANY_BYTES] = b"\x01" + (end - start - MANY_BYTES).to_bytes(7)
    else:
        eraser.content[start + 1] = 0x80 | (end - start - 2)
