"""TIFF, and raw files of cameras with the same structure: only the tags that are needed to show them stay."""

from conversations.text.metadata.eraser import ByteOrder, Eraser, Malformed

PLAIN, BIG = 42, 43
MAGIC = {PLAIN, BIG, 0x55, 0x4F52, 0x5352}  # the others are raw files of Panasonic and Olympus
MAX_DIRECTORIES, MAX_ENTRIES, MAX_SUB_DIRECTORIES = 1000, 1000, 100
BYTES_OF_TYPE = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}
SUB_DIRECTORIES = 330
PRIVATE_DIRECTORIES = {34665, 34853, 40965}  # EXIF, GPS, interoperability
KEPT = {
    *(254, 255, 256, 257, 258, 259, 262, 263, 264, 265, 266, 273, 274, 277, 278, 279, 280, 281, 282, 283, 284),
    *(290, 291, 292, 293, 296, 297, 301, 317, 318, 319, 320, 321, 322, 323, 324, 325, 330, 332, 334, 336, 338, 339),
    *(340, 341, 343, 344, 347, 512, 513, 514, 515, 517, 518, 519, 520, 521, 529, 530, 531, 532),
    *(33421, 33422, 34675, *range(50706, 50735), *range(50736, 50740), *range(50778, 50827), *range(50829, 51125)),
}  # the last are those of digital negatives


class Directory:
    """How the directories of a file are written: byte order and sizes of numbers."""

    def __init__(self, eraser: Eraser) -> None:
        self.eraser = eraser
        self.order: ByteOrder = "little" if eraser.content[:2] == b"II" else "big"
        self.is_big = self.number(2, 2) == BIG
        self.seen = {0}
        self.count_size, self.entry_size, self.offset_size = (8, 20, 8) if self.is_big else (2, 12, 4)

    def number(self, at: int, size: int) -> int:
        return self.eraser.number(at, size, self.order)

    def offset(self, at: int) -> int:
        return self.number(at, self.offset_size)

    def value(self, entry: int) -> tuple[int, int]:
        """Return where the value of an entry is, and its size in bytes."""
        kind, count = self.number(entry + 2, 2), self.number(entry + 4, self.offset_size)
        size, at = BYTES_OF_TYPE.get(kind, 1) * count, entry + 4 + self.offset_size
        return (at if size <= self.offset_size else self.offset(at)), size

    def addresses(self, entry: int) -> list[int]:
        """Return the positions that the value of an entry consists of."""
        [at, size], unit = self.value(entry), BYTES_OF_TYPE.get(self.number(entry + 2, 2), 4)
        return [self.number(at + step, unit) for step in range(0, size, unit)[:MAX_SUB_DIRECTORIES]]

    def clean(self, at: int, kept: set[int]) -> list[tuple[int, set[int]]]:
        """Erase the entries of a directory except those of `kept` tags; return further directories, to clean alike."""
        if at in self.seen or len(self.seen) > MAX_DIRECTORIES:
            return []
        self.seen.add(at)
        entries, found, staying = self.entries(at), [], []
        after = at + self.count_size + len(entries) * self.entry_size
        following = self.offset(after)
        for entry in entries:
            tag, (value, size) = self.number(entry, 2), self.value(entry)
            if tag in kept:
                staying.append(bytes(self.eraser.content[entry : entry + self.entry_size]))
                if tag == SUB_DIRECTORIES:
                    found += [(further, kept) for further in self.addresses(entry)]
            elif tag in PRIVATE_DIRECTORIES:
                found += [(private, set()) for private in self.addresses(entry)]
            elif size > self.offset_size:
                self.eraser.erase(value, value + size)
        self.rewrite(at, staying, following, after + self.offset_size)
        return [*found, (following, kept)]

    def entries(self, at: int) -> range:
        """Return where the entries of a directory are."""
        count, first = self.number(at, self.count_size), at + self.count_size
        if count > MAX_ENTRIES:
            raise Malformed
        return range(first, first + count * self.entry_size, self.entry_size)

    def rewrite(self, at: int, entries: list[bytes], following: int, end: int) -> None:
        count = len(entries).to_bytes(self.count_size, self.order)
        content = b"".join([count, *entries, following.to_bytes(self.offset_size, self.order)])
        self.eraser.erase(at, end)
        self.eraser.content[at : at + len(content)] = content


def remove_metadata(eraser: Eraser) -> None:
    directory = Directory(eraser)
    waiting = [(directory.offset(8 if directory.is_big else 4), KEPT)]
    while waiting:
        waiting += directory.clean(*waiting.pop())
