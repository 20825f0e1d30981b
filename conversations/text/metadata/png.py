"""PNG pictures that are too large, or too broken, to be shown: their metadata becomes an empty chunk."""

from zlib import crc32

from accounts.pictures.stripping import PNG_CHUNKS, PNG_SIGNATURE
from conversations.text.metadata.eraser import Eraser

EMPTY = b"voId"  # the case of the letters says that programs may skip and copy it


def remove_metadata(eraser: Eraser) -> None:
    at = len(PNG_SIGNATURE)
    while at + 12 <= len(eraser.content):
        eraser.count()
        size, kind = eraser.number(at, 4), bytes(eraser.content[at + 4 : at + 8])
        end = at + 8 + size
        if kind not in PNG_CHUNKS:
            eraser.content[at + 4 : at + 8] = EMPTY
            eraser.erase(at + 8, end)
            if end + 4 <= len(eraser.content):
                eraser.content[end : end + 4] = crc32(eraser.content[at + 4 : end]).to_bytes(4)
        at = end + 4
