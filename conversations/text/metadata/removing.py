"""Remove the metadata of cameras from files that are only downloaded: location, time, names, serial numbers."""

from collections.abc import Callable
from contextlib import suppress

from accounts.pictures.stripping import PNG_SIGNATURE
from conversations.text.metadata import boxes, jpeg, matroska, png, riff, tiff
from conversations.text.metadata.eraser import ByteOrder, Eraser, Malformed

HEAD_BYTES = 12
BEGINNINGS = {
    b"\xff\xd8\xff": jpeg.remove_metadata,
    PNG_SIGNATURE: png.remove_metadata,
    b"\x1aE\xdf\xa3": matroska.remove_metadata,
}
RIFF_KINDS = {b"AVI ", b"WEBP"}
BYTE_ORDERS: dict[bytes, ByteOrder] = {b"II": "little", b"MM": "big"}


def may_have_metadata(head: bytes) -> bool:
    """Return whether a file that begins with `head` is of a kind that may contain metadata."""
    return remover(head) is not None


def remove_metadata(content: bytearray) -> None:
    """Remove the metadata of a picture or video, up to where the file is malformed."""
    if remove := remover(bytes(content[:HEAD_BYTES])):
        with suppress(Malformed):
            remove(Eraser(content))


def remover(head: bytes) -> Callable[[Eraser], None] | None:
    """Return the function that knows files that begin like this."""
    if head[4:8] in boxes.FIRST:
        return boxes.remove_metadata
    if head[:4] == b"RIFF" and head[8:12] in RIFF_KINDS:
        return riff.remove_metadata
    order = BYTE_ORDERS.get(head[:2])
    if order and int.from_bytes(head[2:4], order) in tiff.MAGIC:
        return tiff.remove_metadata
    return next((remove for beginning, remove in BEGINNINGS.items() if head.startswith(beginning)), None)
