"""Profile pictures: small, square, and without metadata."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from accounts.models import Picture
from accounts.tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def photo(size=(640, 400), form="JPEG", **options):
    file = BytesIO()
    Image.new("RGB", size, "teal").save(file, form, **options)
    return file.getvalue()


def upload(client, content, name="me.jpg"):
    return client.post("/settings/picture/", {"picture": SimpleUploadedFile(name, content)})


def test_a_photo_is_shown_small_and_without_metadata(as_):
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    ana = UserFactory()
    assert upload(as_(ana), photo(exif=exif)).status_code == 302
    ana.refresh_from_db()
    address = f"/pictures/{ana.pk}/{ana.picture_digest}.webp"
    answer = as_(UserFactory()).get(address)
    assert "private" in answer["Cache-Control"]
    assert b"taken at home" not in answer.content
    assert Image.open(BytesIO(answer.content)).size == (256, 256)
    assert address in as_(UserFactory()).get(f"/people/{ana.username}/").content.decode()
    as_(ana).post("/settings/picture/", {"remove": "yes"})
    assert as_(ana).get(address).status_code == 404


def test_saving_the_profile_also_saves_the_picture(as_):
    ana = UserFactory()
    form = {"display_name": "Ana Lund", "time_zone": "UTC", "picture": SimpleUploadedFile("me.jpg", photo())}
    assert as_(ana).post("/settings/profile/", form).status_code == 302
    ana.refresh_from_db()
    assert (ana.display_name, bool(ana.picture_digest)) == ("Ana Lund", True)


def test_a_mistake_in_the_profile_does_not_cost_the_picture(as_):
    ana = UserFactory()
    form = {"display_name": "Ana", "time_zone": "Atlantis", "picture": SimpleUploadedFile("me.jpg", photo())}
    assert as_(ana).post("/settings/profile/", form).status_code == 422
    ana.refresh_from_db()
    assert ana.picture_digest


def test_a_file_that_is_not_a_picture_costs_nothing_of_the_profile(as_):
    form = {"display_name": "Ana Lund", "time_zone": "UTC", "picture": SimpleUploadedFile("me.jpg", b"words")}
    answer = as_(UserFactory()).post("/settings/profile/", form)
    assert answer.status_code == 422
    assert 'value="Ana Lund"' in answer.content.decode()


@pytest.mark.parametrize(
    "content",
    [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"GIF89a" + b"\\0" * 20, photo()[:300], b"x" * 10_000_001],
    ids=["empty", "svg", "broken gif", "half a photo", "too large"],
)
def test_a_file_that_is_not_a_picture_is_refused_with_a_reason(as_, content):
    ana = UserFactory()
    answer = upload(as_(ana), content)
    assert answer.status_code == 422
    assert 'class="errorlist"' in answer.content.decode()
    assert not Picture.objects.exists()


def test_a_decompression_bomb_is_refused(as_):
    bomb = BytesIO()
    Image.new("1", (20_000, 20_000)).save(bomb, "PNG")
    assert len(bomb.getvalue()) < 100_000
    assert upload(as_(UserFactory()), bomb.getvalue()).status_code == 422


def test_a_picture_that_gzip_would_not_shrink_is_sent_uncompressed(as_):
    ana, noise = UserFactory(), BytesIO()
    Image.effect_noise((256, 256), 100).save(noise, "PNG")
    assert upload(as_(ana), noise.getvalue()).status_code == 302
    ana.refresh_from_db()
    asked = {"Accept-Encoding": "gzip"}
    answer = as_(ana).get(f"/pictures/{ana.pk}/{ana.picture_digest}.webp", headers=asked)
    assert len(answer.content) > 1000
    assert "Content-Encoding" not in answer
    assert as_(ana).get("/", headers=asked)["Content-Encoding"] == "gzip"
