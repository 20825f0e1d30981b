"""Files that pretend to be something else, or that are too large to process: how the site handles them."""

import struct
import zipfile
import zlib
from html import unescape
from io import BytesIO
from uuid import uuid4

import pytest
from PIL import Image

from conversations.models import Attachment, Message
from conversations.tests.message.pictures import opened, picture, upload
from conversations.text.metadata.removing import may_have_metadata, remove_metadata

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("files")]

SCRIPT = b"<script>alert(document.cookie)</script>"
UNKNOWN = "application/octet-stream"


def archive(**entries):
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as written:
        for name, content in entries.items():
            written.writestr(name, content)
    return file.getvalue()


def chunk(kind, content):
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png_of(width, height, data=b""):
    """Build a PNG that claims a size, whatever it contains."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b"")


def webp_of(width, height):
    """Build a lossless WebP that claims a size."""
    content = b"VP8L" + struct.pack("<IBI", 12, 0x2F, width - 1 | height - 1 << 14) + b"\x07\x10\x11\x11\x88\x88\x08"
    return b"RIFF" + struct.pack("<I", len(content) + 4) + b"WEBP" + content


def gif_of_frames(number, size=(8, 8)):
    """Build a GIF with this many identical frames."""
    frame = picture("GIF", size, "P")
    start = 13 + 3 * 2 ** ((frame[10] & 7) + 1)
    return frame[:start] + frame[start:-1] * number + b";"


def png_bomb():
    file = BytesIO()
    Image.new("1", (16_000, 16_000)).save(file, "PNG")
    assert len(file.getvalue()) < 100_000, "the file itself is small"
    return file.getvalue()


def blank_avif():
    file = BytesIO()
    Image.new("RGB", (6000, 4000)).save(file, "AVIF", speed=10)
    assert len(file.getvalue()) < 2_000, "much work for a small file"
    return file.getvalue()


def exif():
    told = Image.Exif()
    told[0x010E] = "taken at home"
    told.get_ifd(0x8825)[2] = (52.0, 31.0, 12.0)  # GPS
    return told


def png_with(kind, content):
    whole = picture("PNG")
    return whole[:33] + chunk(kind, content) + whole[33:]


def svg_bomb():
    return b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><svg><text>&b;</text></svg>'


# Files that can't be decoded as pictures are stored unchanged, to be downloaded and never shown.
DOWNLOADS = {
    "html named as a picture": (b"<html>" + SCRIPT, "cat.png"),
    "a program named as a picture": (b"MZ\x90\0" + b"\0" * 200, "holiday.jpg"),
    "svg with a script": (b"<svg xmlns='http://www.w3.org/2000/svg'>" + SCRIPT + b"</svg>", "logo.svg"),
    "xml with entities": (svg_bomb(), "data.xml"),
    "html after blanks": (b"\xef\xbb\xbf \n\t<!doctype html>" + SCRIPT, "page.txt"),
    "a film with html inside": (b"\0\0\0\x18ftypisom\0\0\0\0isommp42" + SCRIPT, "film.mp4"),
    "an archive of archives": (archive(a=archive(b=b"\0" * 10_000_000)), "42.zip"),
    "a png bomb": (png_bomb(), "white.png"),
    "an empty avif of 24 megapixels": (blank_avif(), "blank.avif"),
    "a gif bomb": (gif_of_frames(3_000, (400, 400)), "long.gif"),
    "a webp bomb": (webp_of(16_384, 16_384), "black.webp"),
    "a gif of 10,000 frames": (gif_of_frames(10_000), "busy.gif"),
    "huge dimensions": (png_of(2**31 - 1, 2**31 - 1), "huge.png"),
    "half a jpeg": (picture("JPEG", (900, 900), quality=95)[:3000], "half.jpg"),
    "half a png": (picture("PNG")[:200], "half.png"),
    "half a gif": (picture("GIF", mode="P")[:60], "half.gif"),
    "half a webp": (picture("WEBP")[:100], "half.webp"),
    "half an avif": (picture("AVIF")[:200], "half.avif"),
    "tiff": (picture("TIFF"), "scan.png"),
    "heic": (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "photo.heic"),
    "bmp": (picture("BMP"), "scan.bmp"),
    "psd": (b"8BPS\0\1" + b"\0" * 200, "layers.png"),
    "eps": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(/etc/passwd) run\n", "drawing.jpg"),
    "gif that is a script": (b"GIF89a/*" + b"\0" * 20 + b"*/=1;alert(1)", "x.gif"),
    "a profile that grows": (png_with(b"iCCP", b"p\0\0" + zlib.compress(b"\0" * 50_000_000)), "grow.png"),
}


def send(client, conversation, content, name):
    fields = {"client_key": uuid4(), "content": "", "files": upload(content, name)}
    return client.post(f"/c/{conversation.pk}/messages/", fields)


def kept(client, conversation, content, name):
    """Post a file; return its row and the response to a request for it."""
    assert send(client, conversation, content, name).status_code == 302
    attachment = Attachment.objects.get()
    return attachment, client.get(f"/files/{attachment.pk}/{attachment.name}")


@pytest.mark.parametrize("which", DOWNLOADS)
def test_an_undecodable_file_is_only_a_download(world, as_, which):
    content, name = DOWNLOADS[which]
    ana = as_(world.ana)
    attachment, answer = kept(ana, world.plans, content, name)
    assert attachment.width is None
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    kind = answer["Content-Type"]
    assert not kind.startswith("image/"), kind
    assert not any(word in kind for word in ("html", "xml", "svg", "script")), kind
    served, stripped = b"".join(answer.streaming_content), bytearray(content)
    if may_have_metadata(content):
        remove_metadata(stripped)
    assert served == stripped, "it is served unchanged, but for metadata"
    assert len(served) == len(content)
    assert ana.get(f"/files/{attachment.pk}/small/").status_code == 404
    page = ana.get(f"/c/{world.plans.pk}/").content.decode()
    assert f'href="/files/{attachment.pk}/{attachment.name}" download' in page
    assert f"/files/{attachment.pk}/small/" not in page


# Pictures that carry other data before, after or inside them are stored without it.
SHOWN = {
    "gif and script": (picture("GIF", mode="P") + b"/*" + SCRIPT, "x.gif"),
    "gif with a comment": (picture("GIF", mode="P", comment=SCRIPT), "x.gif"),
    "png and html": (picture("PNG") + b"<html>" + SCRIPT, "x.html"),
    "png and zip": (picture("PNG") + archive(x=b"PK-inside" + SCRIPT), "x.zip"),
    "png with a text": (png_with(b"tEXt", b"Comment\0" + SCRIPT), "x.png"),
    "png with an unknown part": (png_with(b"scRp", SCRIPT), "x.png"),
    "png with an xmp": (png_with(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + SCRIPT), "x.png"),
    "jpeg and html": (picture("JPEG") + SCRIPT, "x.jpg"),
    "jpeg with a comment": (picture("JPEG", comment=SCRIPT), "x.jpg"),
    "webp with an xmp": (picture("WEBP", xmp=SCRIPT), "x.webp"),
    "avif with an xmp": (picture("AVIF", xmp=SCRIPT), "x.avif"),
    "jpeg with gps": (picture("JPEG", exif=exif()), "x.jpg"),
    "png with gps": (picture("PNG", exif=exif()), "x.png"),
    "webp with gps": (picture("WEBP", exif=exif()), "x.webp"),
    "avif with gps": (picture("AVIF", exif=exif()), "x.avif"),
    "jpeg with a wrong profile": (picture("JPEG", icc_profile=SCRIPT * 100), "x.jpg"),
}


@pytest.mark.parametrize("which", SHOWN)
def test_a_picture_is_shown_without_the_data_it_carries(world, as_, which):
    content, name = SHOWN[which]
    assert SCRIPT[:9] in content or b"taken at home" in content or b"PK" in content, "there is something to remove"
    ana = as_(world.ana)
    attachment, answer = kept(ana, world.plans, content, name)
    assert (attachment.width, attachment.height) == (640, 400)
    answers = [answer, *(ana.get(f"/files/{attachment.pk}/{size}/") for size in ("small", "large"))]
    for each in answers:
        assert each["Content-Type"].startswith("image/")
        assert each["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in each["Content-Security-Policy"]
        sent = b"".join(each.streaming_content)
        for hidden in (b"alert(", b"taken at home", b"PK", b"Exif", b"xmp"):
            assert hidden not in sent
        assert not opened(sent).getexif()
    assert attachment.name.endswith((".gif", ".png", ".jpg", ".webp", ".avif")), "its ending matches its type"


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_rotated_by_its_exif_orientation(world, as_, form):
    turned = Image.Exif()
    turned[0x0112] = 6  # rotated by a quarter turn
    attachment, answer = kept(as_(world.ana), world.plans, picture(form, (640, 400), exif=turned), "x.jpg")
    assert (attachment.width, attachment.height) == (400, 640)
    assert opened(b"".join(answer.streaming_content)).size == (400, 640)


@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG"])
def test_animated_pictures_stay_animated(world, as_, form):
    frames = [Image.new("RGB", (60, 40), colour) for colour in ("red", "green", "blue")]
    file = BytesIO()
    frames[0].save(file, form, save_all=True, append_images=frames[1:], duration=100, loop=0)
    _, answer = kept(as_(world.ana), world.plans, file.getvalue(), f"x.{form.lower()}")
    moving = opened(b"".join(answer.streaming_content))
    assert moving.n_frames == 3
    moving.seek(2)
    assert moving.convert("RGB").getpixel((5, 5))[2] > 200, "the last frame is blue"


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_pictures_of_all_colour_modes_are_shown(world, as_, mode):
    attachment, answer = kept(as_(world.ana), world.plans, picture("PNG", mode=mode), "x.png")
    assert attachment.width == 640
    assert answer["Content-Type"] == "image/png"


def test_a_cmyk_jpeg_is_shown(world, as_):
    attachment, answer = kept(as_(world.ana), world.plans, picture("JPEG", mode="CMYK"), "x.jpg")
    assert attachment.width == 640
    assert opened(b"".join(answer.streaming_content)).mode == "RGB"


def test_an_extremely_thin_picture_is_shown(world, as_):
    attachment, _ = kept(as_(world.ana), world.plans, picture("PNG", (10_000, 1)), "x.png")
    page = as_(world.ben).get(f"/c/{world.plans.pk}/").content.decode()
    assert 'width="400" height="1"' in page
    assert attachment.width == 10_000


NAMES = {
    "../../etc/passwd": "passwd",
    "..\\..\\windows\\win.ini": "win.ini",
    "C:\\Users\\ana\\plan.txt": "plan.txt",
    "..": "file",
    ". .": "file",
    "a\0b.txt": "a b.txt",
    "x.txt\r\nSet-Cookie: a=b": "x.txt Set-Cookie: a=b",
    "in\u202egpj.exe": "ingpj.exe",
    "x" * 300 + ".txt": "x" * 251 + ".txt",
    "x." + "y" * 300: "x." + "y" * 253,
    "  many   blanks .txt ": "many blanks .txt",
    "été 👩‍👩‍👧 #1?%41.txt": "été 👩‍👩‍👧 #1?%41.txt",
    "Ärger—🎉 it's; #1? + & (2).txt": "Ärger—🎉 it's; #1? + & (2).txt",
    "100% sure.txt": "100% sure.txt",
    "می\u200cروم.txt": "می\u200cروم.txt",
    '<img src=x onerror="alert(1)">.txt': '<img src=x onerror="alert(1)">.txt',
}


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_a_file_name_can_not_be_a_path_or_a_header(world, as_, name, files):
    file = upload(b"x")
    file._name = name  # bypasses the checks of Django, on which the site does not rely
    kept = Attachment.objects.store(file)
    assert kept.name == NAMES[name]
    kept.message = world.plans.post(world.ana, "words", uuid4())
    kept.save()
    Message.objects.update(has_extras=True)
    page = as_(world.ben).get(f"/c/{world.plans.pk}/").content.decode()
    address = next(part.split('"')[0] for part in page.split('href="')[1:] if part.startswith("/files/"))
    answer = as_(world.ben).get(unescape(address))
    assert answer.status_code == 200
    assert not {"\r", "\n", "\0"} & set(answer["Content-Disposition"])
    assert "<img src=x" not in page
    assert {path.name for path in files.rglob("*") if path.is_file()} == {kept.key.partition("/")[2]}


def test_the_content_type_sent_by_the_browser_is_ignored(world, as_):
    file = upload(b"<html>" + SCRIPT, "page.html")
    file.content_type = "image/png"
    as_(world.ana).post(f"/c/{world.plans.pk}/messages/", {"client_key": uuid4(), "content": "", "files": file})
    assert Attachment.objects.get().width is None


def test_a_decoder_that_hangs_or_crashes_does_not_harm_the_site(world, as_, monkeypatch):
    monkeypatch.setattr("accounts.pictures.cleaning.LONG_SECONDS", 0.001)
    attachment, answer = kept(as_(world.ana), world.plans, picture(), "slow.jpg")
    assert attachment.width is None
    assert answer["Content-Disposition"].startswith("attachment")


def test_the_decoder_process_gets_no_secrets(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "very secret")
    seen = {}
    monkeypatch.setattr("subprocess.run", lambda *_, **options: seen.update(options) or pytest.fail("enough"))
    with pytest.raises(pytest.fail.Exception):
        Attachment.objects.store(upload(picture(), "x.jpg"))
    assert "very secret" not in str(seen["env"])
