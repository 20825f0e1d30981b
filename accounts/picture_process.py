"""A program that reads a picture and writes a small square WebP of it, without what else the file told.

Decoders of pictures are large and meet hostile files. Here they have little memory and time, and nothing to lose.
"""

import resource
import sys
from io import BytesIO

from PIL import Image, ImageOps

SIZE = 256  # pixels, each side
FORMATS = ["JPEG", "PNG", "WEBP", "GIF", "AVIF"]
MOST_PIXELS = 50_000_000
MEMORY = 1_000_000_000  # bytes
CPU_SECONDS = 8


def main() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    if sys.platform == "linux":  # elsewhere the limit does not hold, or not even Python starts within it
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS // 2  # twice as many is an error
    with Image.open(BytesIO(sys.stdin.buffer.read()), formats=FORMATS) as picture:
        picture.draft("RGB", (SIZE * 2, SIZE * 2))
        upright = ImageOps.exif_transpose(picture).convert("RGBA")
    square = ImageOps.fit(upright, (SIZE, SIZE))
    square.save(sys.stdout.buffer, "WEBP", quality=80, exif=b"", icc_profile=b"")


if __name__ == "__main__":
    main()
