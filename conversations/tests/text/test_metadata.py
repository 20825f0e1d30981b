"""Files that are only downloaded hold nothing of where, when and with what they were made, and still work."""

import struct
import zlib
from io import BytesIO
from time import thread_time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PIL.TiffImagePlugin import IFDRational

from conversations.text.metadata.removing import may_have_metadata, remove_metadata

SECRET = b"GEHEIM"
PLACE = {1: "N", 2: (IFDRational(52), IFDRational(31), IFDRational(7)), 29: SECRET.decode()}
XMP = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>" + SECRET + b"</x:xmpmeta>"


def exif():
    found = Image.Exif()
    found[0x010F], found[0x0110], found[0x8298] = SECRET.decode(), SECRET.decode(), SECRET.decode()
    found[0x8825] = PLACE
    found[0x8769] = {0x927C: SECRET * 50, 0x9003: "2026:11:27 " + SECRET.decode()}
    return found


def image():
    return Image.effect_mandelbrot((64, 48), (-2, -1.5, 1, 1.5), 50).convert("RGB")


def saved(kind, **options):
    file = BytesIO()
    image().save(file, kind, exif=exif().tobytes(), **options)
    return file.getvalue()


def box(kind, *parts):
    content = b"".join(parts)
    return struct.pack(">I4s", len(content) + 8, kind) + content


def track(handler, offset, *more):
    """Build a track of three samples of 6 bytes in two chunks; the second chunk follows after 100 bytes."""
    table = box(
        b"stbl",
        box(b"stsz", bytes(4), struct.pack(">2I", 0, 3), struct.pack(">3I", 6, 6, 6)),
        box(b"stsc", bytes(4), struct.pack(">7I", 2, 1, 2, 1, 2, 1, 1)),
        box(b"stco", bytes(4), struct.pack(">3I", 2, offset, offset + 100)),
    )
    times = box(b"mdhd", bytes(4), SECRET, bytes(14))
    media = box(b"mdia", times, box(b"hdlr", bytes(8), handler), box(b"minf", table))
    return box(b"trak", box(b"tkhd", bytes(4), SECRET, bytes(78)), media, *more)


def video(brand=b"qt  "):
    samples = (SECRET * 2).ljust(100, b".") + SECRET + b"PICTURES".rjust(100, b".")
    head = box(b"ftyp", brand, bytes(4))
    return (
        head
        + box(b"mdat", samples)
        + box(
            b"moov",
            box(b"mvhd", bytes(4), SECRET, bytes(90)),
            track(b"vide", len(head) + 8 + 198, box(b"udta", box(b"name", SECRET)), box(b"meta", SECRET)),
            track(b"meta", len(head) + 8),
            box(b"udta", box(b"\xa9xyz", SECRET)),
            box(b"meta", bytes(4), box(b"keys", SECRET)),
        )
        + box(b"uuid", bytes(16), SECRET)
        + box(b"free", SECRET)
    )


def element(kind, content, size=None):
    name = kind.to_bytes((kind.bit_length() + 7) // 8)
    return name + (size or (0x100000000000000 | len(content)).to_bytes(8)) + content


def matroska(unknown=None):
    info = element(0x1549A966, element(0x7BA9, SECRET) + element(0x4461, SECRET + b"++") + element(0x4D80, SECRET))
    cluster = element(0x1F43B675, element(0xA3, b"PICTURES"), unknown)
    inner = info + cluster + element(0x1254C367, element(0x7373, SECRET * 9)) + element(0x1254C367, b"")
    return element(0x1A45DFA3, element(0x4282, b"webm")) + element(0x18538067, inner, unknown)


def chunk(kind, content):
    return kind + struct.pack("<I", len(content)) + content + bytes(len(content) % 2)


def avi():
    streams = chunk(b"LIST", b"strl" + chunk(b"strh", bytes(56)) + chunk(b"strd", SECRET) + chunk(b"strn", SECRET))
    header = chunk(b"LIST", b"hdrl" + chunk(b"avih", bytes(56)) + streams + chunk(b"IDIT", SECRET))
    video = chunk(b"LIST", b"movi" + chunk(b"00dc", b"PICTURES"))
    more = chunk(b"LIST", b"INFO" + chunk(b"ICMT", SECRET)) + chunk(b"JUNK", SECRET)
    return chunk(b"RIFF", b"AVI " + header + more + video + chunk(b"idx1", bytes(16)))


def cut_jpeg():
    whole = saved("JPEG", comment=SECRET, xmp=XMP)
    return whole[: len(whole) * 3 // 4]


def cut_png():
    def part(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    whole = saved("PNG")
    return whole[:33] + part(b"tEXt", b"Comment\0" + SECRET) + part(b"eXIf", SECRET) + whole[33 : len(whole) - 40]


FILES = {
    "avif": lambda: saved("AVIF", xmp=XMP),
    "heic": lambda: saved("AVIF", xmp=XMP).replace(b"ftypavif", b"ftypheic"),
    "tiff": lambda: saved("TIFF", description=SECRET.decode(), software=SECRET.decode()),
    "big tiff": lambda: saved("TIFF", big_tiff=True),
    "quicktime": video,
    "mp4": lambda: video(b"isom"),
    "webm": matroska,
    "webm that was streamed": lambda: matroska(b"\x01" + b"\xff" * 7),
    "avi": avi,
    "a jpeg that is cut off": cut_jpeg,
    "a png that is cut off": cut_png,
    "webp": lambda: saved("WEBP", xmp=XMP),
}


@pytest.mark.parametrize("build", FILES.values(), ids=FILES)
def test_no_metadata_stays(build):
    content = bytearray(build())
    assert SECRET in content, "there is something to remove"
    assert may_have_metadata(bytes(content[:100]))
    remove_metadata(content)
    assert SECRET not in content


@pytest.mark.parametrize("kind", ["avif", "tiff", "big tiff", "webp"])
def test_a_picture_stays_the_same(kind):
    content = bytearray(FILES[kind]())
    before = Image.open(BytesIO(bytes(content))).convert("RGB").tobytes()
    remove_metadata(content)
    after = Image.open(BytesIO(bytes(content)))
    assert after.convert("RGB").tobytes() == before
    found = dict(after.getexif())
    assert not {0x010F, 0x0110, 0x8298, 0x8825, 0x8769} & found.keys()


def test_the_orientation_of_a_tiff_stays():
    file, notes = BytesIO(), exif()
    notes[0x0112] = 6
    image().save(file, "TIFF", exif=notes.tobytes())
    content = bytearray(file.getvalue())
    remove_metadata(content)
    assert Image.open(BytesIO(bytes(content))).getexif()[0x0112] == 6


def test_a_cut_picture_shows_what_is_left():
    content = bytearray(cut_jpeg())
    remove_metadata(content)
    picture = Image.open(BytesIO(bytes(content)))
    assert picture.size == (64, 48)
    assert Image.open(BytesIO(bytes(cut_png()))).size == (64, 48)


@pytest.mark.parametrize("kind", ["quicktime", "webm", "webm that was streamed", "avi"])
def test_a_video_keeps_its_pictures_in_their_places(kind):
    before = FILES[kind]()
    content = bytearray(before)
    remove_metadata(content)
    assert len(content) == len(before)
    assert content.index(b"PICTURES") == before.index(b"PICTURES")


def test_other_files_are_left_alone():
    for head in (b"%PDF-1.7", b"PK\x03\x04", b"words", b"", b"II", b"RIFF1234WAVE"):
        assert not may_have_metadata(head)


@given(st.sampled_from(list(FILES)), st.integers(0, 4000), st.binary(min_size=1, max_size=12))
def test_a_broken_file_breaks_nothing(kind, at, noise):
    content = bytearray(FILES[kind]())
    content[at : at + len(noise)] = noise
    if may_have_metadata(bytes(content[:100])):
        remove_metadata(content)


@pytest.mark.parametrize(
    "content",
    [
        box(b"ftyp", bytes(8)) + box(b"free") * 600_000,
        box(b"ftyp", bytes(8)) + struct.pack(">I4s", 8, b"moov") * 600_000,
        b"MM\0\x2a"
        + struct.pack(">IH", 8, 999)
        + struct.pack(">HHII", 0x10E, 2, 5_000_000, 8) * 999
        + bytes(5_000_000),
        b"\x1aE\xdf\xa3\x80" + b"\xec\x80" * 2_000_000,
        b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sI", 0, b"tEXt", 0) * 400_000,
    ],
    ids=["boxes", "movies", "directories", "elements", "chunks"],
)
def test_a_hostile_file_keeps_the_site_busy_for_a_moment_only(content):
    before = thread_time()
    remove_metadata(bytearray(content))
    assert thread_time() - before < 3
