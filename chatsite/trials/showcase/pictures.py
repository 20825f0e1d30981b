"""The pictures that the invented people send, drawn as PNG."""

from collections.abc import Callable
from io import BytesIO

from PIL import Image, ImageDraw


def thermostat() -> bytes:
    picture = Image.new("RGB", (640, 360), "#2b2622")
    pen = ImageDraw.Draw(picture)
    pen.ellipse((190, 50, 450, 310), fill="#e9e2d4", outline="#b8860b", width=10)
    pen.arc((215, 75, 425, 285), 150, 330, fill="#3f7cac", width=16)
    pen.arc((215, 75, 425, 285), 330, 390, fill="#c0392b", width=16)
    pen.line((320, 180, 400, 140), fill="#2b2622", width=8)
    pen.ellipse((306, 166, 334, 194), fill="#2b2622")
    return png(picture)


def van() -> bytes:
    picture = landscape("#c89f78", "#a9805c")
    pen = ImageDraw.Draw(picture)
    pen.rounded_rectangle((120, 150, 430, 320), 24, fill="#f4ead9")
    pen.rounded_rectangle((400, 200, 530, 320), 24, fill="#f4ead9")
    pen.polygon(((440, 215), (500, 215), (520, 262), (440, 262)), fill="#7fa3b5")
    for left in (170, 420):
        pen.ellipse((left, 280, left + 80, 360), fill="#3b302a", outline="#d9cbb8", width=10)
    return png(picture)


def stall() -> bytes:
    picture = landscape("#9fb8a4", "#6f8d76")
    pen = ImageDraw.Draw(picture)
    for left in range(120, 520, 80):
        pen.polygon(((left + 15, 110), (left + 65, 110), (left + 80, 190), (left, 190)), fill="#c0392b")
        pen.polygon(((left + 55, 110), (left + 65, 110), (left + 80, 190), (left + 40, 190)), fill="#f4ead9")
    pen.rectangle((130, 190, 145, 380), fill="#5c4632")
    pen.rectangle((495, 190, 510, 380), fill="#5c4632")
    pen.rectangle((120, 290, 520, 330), fill="#8a6a48")
    for left in range(140, 480, 60):
        pen.ellipse((left, 255, left + 55, 300), fill="#c98f4e", outline="#8f5f2c", width=3)
    return png(picture)


def landscape(sky: str, ground: str) -> Image.Image:
    picture = Image.new("RGB", (640, 420), sky)
    ImageDraw.Draw(picture).rectangle((0, 330, 640, 420), fill=ground)
    return picture


def png(picture: Image.Image) -> bytes:
    file = BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


PICTURES: dict[str, Callable[[], bytes]] = {"thermostat": thermostat, "van": van, "stall": stall}
