"""A program that reads a picture and writes what may be passed on of it, without what else the file told.

Decoders of pictures are large and meet hostile files. Here they have little memory and time, and nothing to lose.
"""

import json
import resource
import sys
from io import BytesIO

from PIL import AvifImagePlugin, Image, ImageCms, ImageOps
from PIL.JpegImagePlugin import get_sampling

from accounts.pictures import stripping
from accounts.pictures.cleaning import LARGE, MOST_PIXELS, MOST_PIXELS_AVIF, SMALL, fitting

SIZE = 256  # pixels, each side of a portrait
FORMATS = ["JPEG", "PNG", "WEBP", "GIF", "AVIF"]
MOST_FRAMES = 1_000
MOST_PIXELS_MOVING = 256_000_000  # of all frames together
MOST_PROFILE = 1_000_000  # bytes
MEMORY = 1_500_000_000  # bytes, of which writing the largest AVIF takes 1.3
CPU_SECONDS = {"portrait": 8, "clean": 18}
OPTIONS = {"PNG": {}, "WEBP": {"quality": 90}, "AVIF": {"quality": 80, "speed": 9}}


def main() -> None:
    task = sys.argv[1]
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS[task], CPU_SECONDS[task]))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":  # elsewhere the limit does not hold, or not even Python starts within it
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS // 2  # twice as many is an error
    AvifImagePlugin.DEFAULT_MAX_THREADS = 2  # not one for each processor, as each takes memory
    {"portrait": portrait, "clean": clean}[task](sys.stdin.buffer.read())


def portrait(content: bytes) -> None:
    """Write a small square WebP."""
    with Image.open(BytesIO(content), formats=FORMATS) as picture:
        picture.draft("RGB", (SIZE * 2, SIZE * 2))
        upright = ImageOps.exif_transpose(picture).convert("RGBA")
    square = ImageOps.fit(upright, (SIZE, SIZE))
    square.save(sys.stdout.buffer, "WEBP", quality=80, exif=b"", icc_profile=b"")


def clean(content: bytes) -> None:
    """Write a line of facts as JSON, then the whole picture without metadata and its two thumbnails."""
    with Image.open(BytesIO(content), formats=FORMATS) as picture:
        if picture.format == "AVIF" and picture.width * picture.height > MOST_PIXELS_AVIF:
            raise Image.DecompressionBombError(f"AVIF of {picture.size}")
        if picture.format == "MPO":  # how phones write a JPEG with a second one behind it
            picture.format, picture.n_frames = "JPEG", 1
        read_all_frames(picture)
        upright = in_srgb(ImageOps.exif_transpose(picture))
        whole = stripped(content, picture) or written(upright, picture)
    large, small = (upright.resize(fitting(upright.size, box), reducing_gap=2.0) for box in (LARGE, SMALL))
    parts = [whole, webp(small), webp(large)]
    facts = {"content_type": Image.MIME[picture.format], "width": upright.width, "height": upright.height}
    sys.stdout.buffer.write(json.dumps(facts | {"sizes": [len(part) for part in parts]}).encode() + b"\n")
    sys.stdout.buffer.writelines(parts)


def read_all_frames(picture: Image.Image) -> None:
    """Decode all that there is to see, so that a browser is given nothing else; raise for too much of it."""
    frames = getattr(picture, "n_frames", 1)
    if frames > MOST_FRAMES or frames * picture.width * picture.height > MOST_PIXELS_MOVING:
        raise Image.DecompressionBombError(f"{frames} frames of {picture.size}")
    for number in range(1, frames):
        picture.seek(number)
        picture.load()
    picture.seek(0)
    picture.load()


def in_srgb(picture: Image.Image) -> Image.Image:
    """Translate the colours into those that are meant where a file says nothing about it."""
    if picture.mode.startswith("I"):  # 16 bits of grey
        picture = picture.point(lambda value: value / 256, "L")
    if picture.mode == "P" or "transparency" in picture.info:
        picture = picture.convert("RGBA" if "transparency" in picture.info else "RGB")
    profile = picture.info.get("icc_profile") or b""
    mode = "RGBA" if "A" in picture.getbands() else "RGB"
    if 0 < len(profile) <= MOST_PROFILE:
        try:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            return ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode=mode)
        except (ImageCms.PyCMSError, OSError, TypeError, ValueError):
            pass  # a profile of another kind of colours, or none at all
    return picture if picture.mode in ("L", mode) else picture.convert(mode)


def stripped(content: bytes, picture: Image.Image) -> bytes | None:
    """Give the same file without metadata, where that leaves the picture the same."""
    strip = stripping.BY_FORMAT.get(picture.format)
    says_more = "icc_profile" in picture.info or picture.getexif().get(0x0112, 1) != 1  # its colours, or turn it
    return None if says_more or not strip else strip(content)


def written(upright: Image.Image, picture: Image.Image) -> bytes:
    """Write all of a picture anew, in its own format and about as exactly as it was."""
    options = OPTIONS.get(picture.format, {})
    if picture.format == "JPEG":
        upright = upright.convert("L" if upright.mode == "L" else "RGB")
        options = {"quality": 92}
        if picture.mode == upright.mode:
            options = {"qtables": picture.quantization, "subsampling": get_sampling(picture)}
    upright.info = {}
    file = BytesIO()
    upright.save(file, picture.format, **options)
    return file.getvalue()


def webp(picture: Image.Image) -> bytes:
    picture.info = {}
    file = BytesIO()
    picture.save(file, "WEBP", quality=80)
    return file.getvalue()


if __name__ == "__main__":
    main()
