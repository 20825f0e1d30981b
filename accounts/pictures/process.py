"""A program that reads a picture and writes it without metadata, small or whole.

Image decoders are large and meet hostile files. In this process they have limited memory and time, and no secrets.
"""

import json
import resource
import sys
from io import BytesIO
from typing import Any

from PIL import AvifImagePlugin, Image, ImageCms, ImageOps
from PIL.JpegImagePlugin import get_sampling

from accounts.pictures import stripping
from accounts.pictures.cleaning import LARGE, MAX_PIXELS, MAX_PIXELS_AVIF, SMALL, fitting

PORTRAIT_PIXELS = 256  # each side
FORMATS = ["JPEG", "PNG", "WEBP", "GIF", "AVIF"]
MAX_FRAMES = 1_000
MAX_DENSE_PIXELS, MAX_PIXELS_PER_BYTE = 2_000_000, 10_000  # a blank page has 2,000 pixels a byte
MAX_PIXELS_MOVING = 256_000_000  # of all frames together
MAX_PROFILE_BYTES = 1_000_000
MAX_MEMORY_BYTES = 1_500_000_000  # writing the largest AVIF takes 1.3
CPU_SECONDS = {"portrait": 8, "clean": 18}
OPTIONS = {"PNG": {}, "WEBP": {"quality": 90}, "AVIF": {"quality": 80, "speed": 9}}


def main() -> None:
    task = sys.argv[1]
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS[task], CPU_SECONDS[task]))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":  # elsewhere the limit has no effect, or Python does not start within it
        resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS // 2  # twice as many is an error
    AvifImagePlugin.DEFAULT_MAX_THREADS = 2  # the default is one for each processor, and each takes memory
    {"portrait": portrait, "clean": clean}[task](sys.stdin.buffer.read())


def portrait(content: bytes) -> None:
    """Write a small square WebP."""
    with Image.open(BytesIO(content), formats=FORMATS) as picture:
        refuse_bombs(picture, content)
        picture.draft("RGB", (PORTRAIT_PIXELS * 2, PORTRAIT_PIXELS * 2))
        upright = ImageOps.exif_transpose(picture).convert("RGBA")
    square = ImageOps.fit(upright, (PORTRAIT_PIXELS, PORTRAIT_PIXELS))
    square.save(sys.stdout.buffer, "WEBP", quality=80, exif=b"", icc_profile=b"")


def clean(content: bytes) -> None:
    """Write one line of JSON about it, then the whole picture without metadata, then its two thumbnails."""
    with Image.open(BytesIO(content), formats=FORMATS) as picture:
        refuse_bombs(picture, content)
        kind = "JPEG" if picture.format == "MPO" else str(picture.format)  # phones append a second JPEG: MPO
        read_all_frames(picture, 1 if picture.format == "MPO" else getattr(picture, "n_frames", 1))
        upright = in_srgb(ImageOps.exif_transpose(picture))
        whole = stripped(content, picture, kind) or written(upright, picture, kind)
    large, small = (upright.resize(fitting(upright.size, box), reducing_gap=2.0) for box in (LARGE, SMALL))
    parts = [whole, webp(small), webp(large)]
    facts = {"content_type": Image.MIME[kind], "width": upright.width, "height": upright.height}
    sys.stdout.buffer.write(json.dumps(facts | {"sizes": [len(part) for part in parts]}).encode() + b"\n")
    sys.stdout.buffer.writelines(parts)


def refuse_bombs(picture: Image.Image, content: bytes) -> None:
    """Raise DecompressionBombError for a picture that would take far more work to decode than its file suggests."""
    pixels = picture.width * picture.height
    is_dense = pixels > MAX_DENSE_PIXELS and pixels > MAX_PIXELS_PER_BYTE * len(content)
    if is_dense or (picture.format == "AVIF" and pixels > MAX_PIXELS_AVIF):
        raise Image.DecompressionBombError(f"{picture.format} of {picture.size} in {len(content)} bytes")


def read_all_frames(picture: Image.Image, frames: int) -> None:
    """Decode every frame, so that a browser gets none that fails here; raise DecompressionBombError for too many."""
    if frames > MAX_FRAMES or frames * picture.width * picture.height > MAX_PIXELS_MOVING:
        raise Image.DecompressionBombError(f"{frames} frames of {picture.size}")
    for number in range(1, frames):
        picture.seek(number)
        picture.load()
    picture.seek(0)
    picture.load()


def in_srgb(picture: Image.Image) -> Image.Image:
    """Convert the colours to sRGB, which applies to files without a profile."""
    if picture.mode.startswith("I"):  # 16 bits of grey
        picture = picture.point(lambda value: value / 256, "L")
    if picture.mode == "P" or "transparency" in picture.info:
        picture = picture.convert("RGBA" if "transparency" in picture.info else "RGB")
    profile = picture.info.get("icc_profile") or b""
    mode = "RGBA" if "A" in picture.getbands() else "RGB"
    if 0 < len(profile) <= MAX_PROFILE_BYTES:
        try:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            converted = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode=mode)
        except (ImageCms.PyCMSError, OSError, TypeError, ValueError):
            converted = None  # the profile is broken, or of another colour space
        if converted:
            return converted
    return picture if picture.mode in ("L", mode) else picture.convert(mode)


def stripped(content: bytes, picture: Image.Image, kind: str) -> bytes | None:
    """Return the same file without metadata, if the picture looks the same without."""
    strip = stripping.BY_FORMAT.get(kind)
    changes_picture = "icc_profile" in picture.info or picture.getexif().get(0x0112, 1) != 1  # colours, or a rotation
    return None if changes_picture or not strip else strip(content)


def written(upright: Image.Image, picture: Image.Image, kind: str) -> bytes:
    """Encode the whole picture again, in its own format and about the same quality."""
    options: dict[str, Any] = OPTIONS.get(kind, {})
    if kind == "JPEG":
        upright = upright.convert("L" if upright.mode == "L" else "RGB")
        options = {"quality": 92}
        if picture.mode == upright.mode:
            options = {"qtables": getattr(picture, "quantization", None), "subsampling": get_sampling(picture)}
    upright.info = {}
    file = BytesIO()
    upright.save(file, kind, **options)
    return file.getvalue()


def webp(picture: Image.Image) -> bytes:
    picture.info = {}
    file = BytesIO()
    picture.save(file, "WEBP", quality=80)
    return file.getvalue()


if __name__ == "__main__":
    main()
