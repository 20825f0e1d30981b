"""JPEG pictures that are too large, or too broken, to be shown: their metadata is erased up to the picture itself."""

from conversations.text.metadata.eraser import Eraser

START_OF_SCAN = 0xDA
WITHOUT_LENGTH = {0x01, *range(0xD0, 0xD9)}
# Applications' segments, except those of JFIF and Adobe, which say how to read the colours; and comments.
METADATA = {*range(0xE1, 0xEE), 0xEF, 0xFE}


def remove_metadata(eraser: Eraser) -> None:
    at = 2
    while at + 4 <= len(eraser.content) and eraser.content[at] == 0xFF:
        eraser.count()
        kind = eraser.content[at + 1]
        if kind == START_OF_SCAN:
            return
        if kind == 0xFF or kind in WITHOUT_LENGTH:
            at += 1 if kind == 0xFF else 2
            continue
        end = at + 2 + eraser.number(at + 2, 2)
        if kind in METADATA:
            eraser.erase(at + 4, end)
        at = end
