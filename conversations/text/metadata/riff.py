"""AVI videos and WebP pictures: chunks (RIFF); those that are not needed to show them become empty space."""

from accounts.pictures.stripping import WEBP_CHUNKS
from conversations.text.metadata.eraser import Eraser

LISTS = {b"RIFF", b"LIST"}
OPENED = {b"AVI ", b"AVIX", b"WEBP", b"hdrl", b"strl", b"odml"}
KEPT = {b"avih", b"strh", b"strf", b"indx", b"vprp", b"idx1", b"dmlh", *WEBP_CHUNKS}
KEPT_LISTS = {b"movi"}
JUNK = b"JUNK"


def remove_metadata(eraser: Eraser) -> None:
    at = 0
    while at + 8 <= len(eraser.content):
        eraser.count()
        kind, size = bytes(eraser.content[at : at + 4]), eraser.number(at + 4, 4, "little")
        name = bytes(eraser.content[at + 8 : at + 12]) if kind in LISTS else b""
        end = at + 8 + size
        if name in OPENED:
            end = at + 12
        elif kind not in KEPT and name not in KEPT_LISTS:
            eraser.content[at : at + 4] = JUNK
            eraser.erase(at + 8, end)
        at = end + end % 2
