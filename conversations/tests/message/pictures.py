"""Files to upload in tests: generated pictures, noise and other content."""

import random
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image


def picture(form="JPEG", size=(640, 400), mode="RGB", **options):
    """Generate a picture that is not blank, as bytes."""
    file, made = BytesIO(), Image.new(mode, size, "teal" if mode.startswith("RGB") else 0)
    made.paste(Image.new(mode, (size[0] // 2 or 1, size[1] // 2 or 1), "orange" if mode.startswith("RGB") else 1))
    made.save(file, form, **options)
    return file.getvalue()


def noise(size, seed=7):
    return random.Random(seed).randbytes(size)


def upload(content, name="file.bin"):
    return SimpleUploadedFile(name, content)


def opened(content):
    return Image.open(BytesIO(content))
