"""The samples of a track: where they lie in the file, by the tables of ISO 14496-12, 8.7."""

from bisect import bisect
from collections.abc import Iterator

from conversations.text.metadata.eraser import Eraser, Malformed

MAX_RUNS = 10_000


def erase_samples(eraser: Eraser, tables: dict[bytes, int]) -> None:
    """Erase all samples of the track with these tables; raise Malformed if one is missing."""
    if not {b"stsz", b"stsc"} <= tables.keys() or not {b"stco", b"co64"} & tables.keys():
        raise Malformed
    sizes = sizes_of_samples(eraser, tables[b"stsz"])
    for offset, count in chunks(eraser, tables):
        eraser.erase(offset, offset + sum(size for _, size in zip(range(count), sizes, strict=False)))


def sizes_of_samples(eraser: Eraser, at: int) -> Iterator[int]:
    same, count = eraser.number(at + 4, 4), eraser.number(at + 8, 4)
    for number in range(count):
        eraser.count()
        yield same or eraser.number(at + 12 + 4 * number, 4)


def chunks(eraser: Eraser, tables: dict[bytes, int]) -> Iterator[tuple[int, int]]:
    """Yield where each chunk starts, and how many samples it has."""
    at, size = (tables[b"co64"], 8) if b"co64" in tables else (tables[b"stco"], 4)
    firsts, counts = runs_of_chunks(eraser, tables[b"stsc"])
    for number in range(eraser.number(at + 4, 4)):
        eraser.count()
        run = bisect(firsts, number + 1) - 1
        yield eraser.number(at + 8 + size * number, size), counts[run] if run >= 0 else 0


def runs_of_chunks(eraser: Eraser, at: int) -> tuple[list[int], list[int]]:
    """Return the first chunk of each run of chunks that have the same number of samples, and these numbers."""
    runs = range(at + 8, at + 8 + 12 * min(eraser.number(at + 4, 4), MAX_RUNS), 12)
    return [eraser.number(run, 4) for run in runs], [eraser.number(run + 4, 4) for run in runs]
